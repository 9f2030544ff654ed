import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { setImmediate } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

import { expect, test } from 'vitest'

import { runDemo } from './demo/run-demo.ts'
import type { DemoProgress } from './demo/run-demo.ts'
import type { Story } from './demo/stories.ts'
import { startOtlpSink } from './testing/otlp-sink.ts'

const RUN = fileURLToPath(new URL('./run.ts', import.meta.url))

/** Runs the command as an operator would and gives its exit code and both outputs. */
async function run(
  ...args: readonly string[]
): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  const child = spawn(process.execPath, ['--conditions=@holdfast/source', RUN, ...args])
  const ended = new Promise<number>((resolve) => child.once('close', (code) => resolve(code ?? -1)))
  const [out, err, code] = await Promise.all([text(child.stdout), text(child.stderr), ended])
  return { code, out, err }
}

test('the command prints one JSON line a step and ends with 0', async () => {
  await using sink = await startOtlpSink()
  const { code, out } = await run('--only', 'refund-triage', '--otlp', `${sink.url}/`)
  const lines = out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as DemoProgress)
  expect(lines).toEqual([
    {
      scenario: 'refund-triage',
      status: 'started',
      detail: 'running refund-triage/agent.ts',
      conversation: 'refund-4711',
    },
    {
      scenario: 'refund-triage',
      status: 'finished',
      detail: expect.stringContaining('refund of 29.90 EUR'),
      conversation: 'refund-4711',
    },
  ])
  expect(code).toBe(0)
  expect(sink.bodies.map((body) => body.path)).toContain('/v1/traces')
})

test('a name that is no scenario, and a missing address, are refused with the names that exist', async () => {
  const unknown = await run('--only', 'no-such-story', '--otlp', 'http://127.0.0.1:1')
  expect(unknown).toMatchObject({ code: 2, out: '' })
  expect(unknown.err).toContain('support-desk, research-graph, refund-triage, ops-handover')
  expect((await run()).code).toBe(2)
})

test('an abort ends the running agent, and the stories after it are not begun', async () => {
  const stop = new AbortController()
  const progress: DemoProgress[] = []
  await using sink = await startOtlpSink()
  const result = await runDemo({
    otlpUrl: sink.url,
    only: ['research-graph', 'refund-triage'],
    signal: stop.signal,
    onProgress: (step) => {
      progress.push(step)
      if (step.status === 'started') stop.abort(new Error('stopped by the test'))
    },
  })
  expect(result).toEqual({ finished: [], failed: ['research-graph', 'refund-triage'] })
  expect(progress.filter((step) => step.status === 'failed').map((step) => step.detail)).toEqual([
    'stopped by the test',
    'stopped by the test',
  ])
  expect(sink.bodies).toEqual([])
})

test('SIGTERM stops what runs, says so, and ends the command with 1', async () => {
  await using sink = await startOtlpSink()
  const child = spawn(process.execPath, [
    '--conditions=@holdfast/source',
    RUN,
    '--only',
    'ops-handover',
    '--otlp',
    sink.url,
  ])
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  child.stdout.once('data', () => child.kill('SIGTERM'))
  expect(await text(child.stdout)).toContain('stopped by SIGTERM')
  // Not the signal itself: the command ended by its own hand, after its children.
  expect(await ended).toBe(1)
})

/** Runs a made-up story and gives what was reported last and how many children are left. */
async function runOne(
  story: Pick<Story, 'servers' | 'agent'>,
): Promise<{ readonly last: DemoProgress | undefined; readonly left: number }> {
  let last: DemoProgress | undefined
  await using sink = await startOtlpSink()
  await runDemo({
    otlpUrl: sink.url,
    // Under the name of a real story, whose script the model server then serves.
    stories: [{ name: 'support-desk', conversationId: 'none', ...story }],
    onProgress: (step) => {
      last = step
    },
  })
  // Node closes the handle of an ended process in a later phase of its loop than the one that reports the end.
  await setImmediate()
  await setImmediate()
  return { last, left: process.getActiveResourcesInfo().filter((resource) => resource === 'ProcessWrap').length }
}

test('an agent that cannot start fails the story with its output, and its servers are stopped', async () => {
  const { last, left } = await runOne({
    servers: [{ program: 'mcp/library-server.ts', telemetry: undefined }],
    agent: { program: 'no-such-agent.ts', telemetry: undefined },
  })
  expect(last).toMatchObject({ status: 'failed', detail: expect.stringMatching(/^exit code 1: .*no-such-agent/s) })
  expect(left).toBe(0)
})

test('a server that ends before it listens fails the story', async () => {
  const { last, left } = await runOne({
    servers: [{ program: 'no-such-server.ts', telemetry: undefined }],
    agent: { program: 'refund-triage/agent.ts', telemetry: undefined },
  })
  expect(last).toMatchObject({ status: 'failed', detail: expect.stringContaining('a server ended before it listened') })
  expect(left).toBe(0)
})
