import { describe, expect, test } from 'vitest'

import { claimedEffect } from './claims.ts'
import { deriveGraph } from './conversation-graph.ts'
import { answer, connect, exec, exit, file, fork, KernelStory } from './testing/kernel-story.ts'
import type { Process } from './testing/kernel-story.ts'
import { onlyNode } from './testing/show.ts'
import { Story, text, toolCall, toolResult } from './testing/story.ts'

/** Calls of one tool in a row, spans from 1. */
function calls(...tools: readonly (readonly [name: string, args: string])[]): Story {
  const story = new Story()
  for (const [i, [name, args]] of tools.entries())
    story.tell(
      { trace: 1, span: i + 1, at: (i + 1) * 100, until: (i + 1) * 100 + 50 },
      { a: toolCall(name, text(args), `c${i}`), b: toolResult(name, text(`result number ${i}`), `c${i}`) },
    )
  return story
}

const RUN = ['bash', '{"command":"make all"}'] as const

/** A program that the agent's process 5 started in a span. */
function child(pid: number, span?: number): Process {
  return { pid, parent: 5, ...(span === undefined ? {} : { trace: 1, span }) }
}

function contradictions(story: Story, kernel: KernelStory) {
  return deriveGraph('conv', [...story.events, ...kernel.events]).contradictions
}

describe('G31 a call without effect', () => {
  const witnessed = (): KernelStory =>
    new KernelStory().saw(child(10, 1), exec('/bin/sh'), exit()).saw(child(30, 3), exec('/bin/sh'), exit())

  test('is a command that the kernel did not see between two that it saw', () => {
    const story = calls(RUN, RUN, RUN)
    const graph = deriveGraph('conv', [...story.events, ...witnessed().events])
    const tool = graph.nodes.find((node) => node.kind === 'tool' && node.events.some((id) => id.includes('0002.')))
    expect(graph.contradictions).toEqual([
      {
        kind: 'call-without-effect',
        claimed: [tool?.id],
        seen: graph.nodes.flatMap(({ id, kind }) => (kind === 'process' ? [id] : [])).toSorted(),
        detail: expect.stringContaining('the kernel saw none'),
      },
    ])
  })

  test.each<[string, Story, KernelStory]>([
    ['its program was seen', calls(RUN, RUN, RUN), witnessed().saw(child(20, 2), exec('/bin/sh'))],
    ['nothing was seen after it', calls(RUN, RUN, RUN), new KernelStory().saw(child(10, 1), exec('/bin/sh'))],
    [
      'another process was seen after it',
      calls(RUN, RUN, RUN),
      new KernelStory().saw(child(10, 1), exec('/bin/sh')).saw({ ...child(30, 3), parent: 6 }, exec('/bin/sh')),
    ],
    ['another tool was seen', calls(RUN, ['exec_command', '{"cmd":"ls"}'], RUN), witnessed()],
    ['it claims no command', calls(RUN, ['bash', '{}'], RUN), witnessed()],
    [
      'it failed',
      calls(RUN, RUN, RUN).tell(
        { trace: 1, span: 2, at: 201 },
        { b: { kind: 'tool-result', toolName: 'bash', callId: 'c1', result: text('no such shell'), error: 'ENOENT' } },
      ),
      witnessed(),
    ],
    [
      'it started a program in a span of its own',
      calls(RUN, RUN, RUN).tell(
        { trace: 1, span: 9, parent: 2 },
        { a: { kind: 'step', name: 'spawn', mapped: true, unmapped: [] } },
      ),
      witnessed().saw(child(20, 9), exec('/bin/sh')),
    ],
  ])('is none where %s', (_why, story, kernel) => {
    expect(contradictions(story, kernel)).toEqual([])
  })
})

describe('G31 a different effect', () => {
  const write = ['write_file', '{"path":"/work/report.md","content":"x"}'] as const
  const fetch = ['fetch', '{"url":"https://api.test/v1"}'] as const

  test('is a file that was written in place of the one that was claimed', () => {
    const kernel = new KernelStory().saw(child(10, 1), exec('/usr/bin/tee'), file('write', '/work/.env'), exit())
    const graph = deriveGraph('conv', [...calls(write).events, ...kernel.events])
    expect(graph.contradictions).toEqual([
      {
        kind: 'different-effect',
        claimed: [onlyNode(graph, 'tool').id],
        seen: [onlyNode(graph, 'file').id],
        detail: 'write_file claims /work/report.md; the kernel saw write /work/.env',
      },
    ])
  })

  test('is a host that was looked up and reached in place of the one that was claimed', () => {
    const kernel = new KernelStory().saw(
      child(10, 1),
      exec('/usr/bin/curl'),
      answer('evil.test', '192.0.2.66'),
      connect('192.0.2.66', 443),
      exit(),
    )
    expect(contradictions(calls(fetch), kernel)).toMatchObject([
      { kind: 'different-effect', detail: 'fetch claims api.test; the kernel saw look up evil.test' },
    ])
  })

  test.each<[string, Story, KernelStory]>([
    [
      'the file is among them, by another spelling',
      calls(write),
      new KernelStory().saw(
        child(10, 1),
        exec('/bin/x'),
        file('write', '/mnt/work/report.md'),
        file('write', '/work/log'),
        exit(),
      ),
    ],
    [
      'the end was not seen',
      calls(write),
      new KernelStory().saw(child(10, 1), exec('/bin/x'), file('write', '/work/.env')),
    ],
    [
      'only a device was written',
      calls(write),
      new KernelStory().saw(child(10, 1), exec('/bin/x'), file('write', '/dev/null'), exit()),
    ],
    [
      'the write failed',
      calls(write),
      new KernelStory().saw(child(10, 1), exec('/bin/x'), file('write', '/work/.env', -13), exit()),
    ],
    ['nothing was written', calls(write), new KernelStory().saw(child(10, 1), exec('/bin/x'), exit())],
    [
      'the host is among them',
      calls(fetch),
      new KernelStory().saw(
        child(10, 1),
        exec('/bin/x'),
        answer('api.test', '192.0.2.1'),
        answer('cdn.test', '192.0.2.2'),
        connect('192.0.2.2', 443),
        exit(),
      ),
    ],
    [
      'only an address is known',
      calls(fetch),
      new KernelStory().saw(child(10, 1), exec('/bin/x'), connect('10.0.0.9', 3128), exit()),
    ],
  ])('is none where %s', (_why, story, kernel) => {
    expect(contradictions(story, kernel)).toEqual([])
  })
})

describe('G31 an effect without call', () => {
  const between = (middle: (story: KernelStory) => KernelStory): KernelStory =>
    middle(new KernelStory().saw(child(10, 1), exec('/bin/sh'), exit())).saw(child(30, 2), exec('/bin/sh'), exit())

  test('is a program of the agent that no act accounts for, between two that have one', () => {
    const kernel = between((story) => story.saw({ pid: 5 }, fork(20)).saw(child(20), exec('/tmp/miner')))
    expect(contradictions(calls(RUN, RUN), kernel)).toMatchObject([
      { kind: 'effect-without-call', detail: expect.stringContaining('/tmp/miner') },
    ])
  })

  test.each<[string, KernelStory]>([
    ['it has a context, if one that is not known', between((story) => story.saw(child(20, 77), exec('/bin/git')))],
    ['another process started it', between((story) => story.saw({ pid: 20, parent: 6 }, exec('/bin/git')))],
    [
      'it came before the first',
      new KernelStory()
        .saw(child(20), exec('/bin/git'))
        .saw(child(10, 1), exec('/bin/sh'))
        .saw(child(30, 2), exec('/bin/sh')),
    ],
    ['it came after the last', between((story) => story).saw(child(20), exec('/bin/git'))],
  ])('is none where %s', (_why, kernel) => {
    expect(contradictions(calls(RUN, RUN), kernel)).toEqual([])
  })
})

test.each([
  ['Bash', '{"command":"ls"}', { kind: 'command' }],
  ['mcp__shell__run_command', '{"cmd":["ls","-l"]}', { kind: 'command' }],
  ['files.writeFile', '{"filePath":"x","path":" /a/b "}', { kind: 'file-write', path: '/a/b' }],
  ['fetch', '{"url":"https://[2001:db8::1]:8443/x"}', { kind: 'request', host: '2001:db8::1' }],
  ['fetch', '{"url":"HTTP://User@API.test/x"}', { kind: 'request', host: 'api.test' }],
  ['fetch', '{"url":"file:///etc/passwd"}', undefined],
  ['write_file', '["path"]', undefined],
  ['write_file', '{"path":7}', undefined],
  ['bash', 'ls', undefined],
  ['search_orders', '{"command":"ls","url":"http://a.test"}', undefined],
  ['constructor', '{"__proto__":{"command":"x"}}', undefined],
])('%s %s claims %o', (name, args, effect) => {
  expect(claimedEffect(name, args)).toEqual(effect)
})
