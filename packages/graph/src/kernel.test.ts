import { describe, expect, test } from 'vitest'

import { deriveGraph } from './conversation-graph.ts'
import { backward } from './reach.ts'
import { answer, connect, exec, exit, file, fork, KernelStory, socket } from './testing/kernel-story.ts'
import { edgesOf, nodesOf, onlyNode } from './testing/show.ts'
import { modelCall, prompt, request, Story, text, toolCall, toolResult } from './testing/story.ts'
import { toTree } from './tree.ts'

/** One question, one shell command: spans 1 (agent's model call) and 2 (tool) of a trace. */
function toolLoop(story: Story, trace: number, question = 'say hello to everybody'): Story {
  return story
    .tell(
      { trace, span: 1 },
      {
        a: prompt('user', 0, text(question)),
        b: modelCall(),
        c: request(0, 'bash', text('{"command":"sh -c x"}'), `c${trace}`),
      },
    )
    .tell(
      { trace, span: 2 },
      {
        a: toolCall('bash', text('{"command":"sh -c x"}'), `c${trace}`),
        b: toolResult('bash', text('done with it'), `c${trace}`),
      },
    )
}

test('G26 prompt, tool call, process, file and connection are one path, each edge with its basis and none temporal', () => {
  const kernel = new KernelStory()
    .saw({ pid: 10, trace: 1, span: 2 }, exec('/bin/sh', '-c x'))
    .saw(
      { pid: 11, parent: 10, trace: 1, span: 2 },
      exec('/usr/bin/curl', 'http://x.test'),
      answer('x.test', '192.0.2.7'),
    )
    .saw({ pid: 11, parent: 10, trace: 1, span: 2 }, connect('192.0.2.7', 80), file('create', '/work/out.html'), exit())
  const graph = deriveGraph('conv', [...toolLoop(new Story(), 1).events, ...kernel.events])
  expect(edgesOf(graph, 'entered', 'produced', 'requested', 'spawned', 'touched', 'connected')).toEqual([
    'message user message -> model-call chat scripted (entered, trace)',
    'model-call chat scripted -> model-output asks for bash (produced, trace)',
    'model-output asks for bash -> tool bash (requested, call-id)',
    'process /bin/sh -> process /usr/bin/curl (spawned, lineage)',
    'process /usr/bin/curl -> connection connect 192.0.2.7:80 (x.test) (connected, lineage)',
    'process /usr/bin/curl -> connection look up x.test (connected, lineage)',
    'process /usr/bin/curl -> file create /work/out.html (touched, lineage)',
    'tool bash -> process /bin/sh (spawned, trace)',
  ])
  const question = onlyNode(graph, 'message')
  for (const node of [onlyNode(graph, 'file'), onlyNode(graph, 'connection', 'connect 192.0.2.7:80 (x.test)')]) {
    const reached = backward(graph, node.id)?.nodes.find(({ id }) => id === question.id)
    expect(reached).toMatchObject({ proven: true })
  }
  expect(graph.nodes.find(({ kind }) => kind === 'file')).toMatchObject({ lane: 'process', tier: 'kernel' })
  expect(graph.nodes.find(({ kind }) => kind === 'connection')).toMatchObject({ lane: 'network' })
  // The sensor bears witness to the span, and claims none of its own.
  expect(graph.nodes.every(({ rivals }) => rivals === undefined)).toBe(true)
})

test('G26 two conversations interleaved in one agent process share no node below it', () => {
  const agent = { pid: 5 }
  const first = { parent: 5, trace: 1, span: 2 }
  const second = { parent: 5, trace: 2, span: 2 }
  const kernel = new KernelStory()
    .saw(agent, exec('/usr/bin/node', 'agent.js'), fork(10))
    .saw({ pid: 10, ...first }, exec('/bin/sh', 'first'))
    .saw(agent, fork(20))
    .saw({ pid: 20, ...second }, exec('/bin/sh', 'second'), file('write', '/work/second'))
    .saw({ pid: 10, ...first }, file('write', '/work/first'))
    .saw(agent, file('read', '/work/config'), connect('192.0.2.1', 443))
    .saw({ pid: 20, ...second }, exit())
    .saw({ pid: 10, ...first }, exit())
  const told = toolLoop(toolLoop(new Story(), 1), 2, 'say goodbye to everybody').events
  const graph = deriveGraph('conv', [...told, ...kernel.events])
  for (const trace of [1, 2]) {
    const name = trace === 1 ? '/work/first' : '/work/second'
    const path = (backward(graph, onlyNode(graph, 'file', `write ${name}`).id)?.nodes ?? []).map(({ id }) => id)
    const traces = new Set(
      graph.nodes.filter(({ id, kind }) => path.includes(id) && kind === 'tool').map((node) => node.trace),
    )
    expect([...traces]).toEqual([trace.toString(16).padStart(32, '0')])
  }
  // What the agent's process did itself joins no act, and is not guessed into either.
  const own = backward(graph, onlyNode(graph, 'file', 'read /work/config').id)?.nodes ?? []
  expect(own.map(({ id }) => graph.nodes.find((node) => node.id === id)?.kind)).toEqual(['process'])
  const byKernel = new Set(graph.nodes.flatMap(({ id, tier }) => (tier === 'kernel' ? [id] : [])))
  const bases = new Set(graph.edges.flatMap(({ to, basis }) => (byKernel.has(to) ? [basis] : [])))
  expect([...bases].toSorted()).toEqual(['lineage', 'trace'])
})

describe('processes', () => {
  test('G27 each program that a process ran is a node, and each follows the one before it', () => {
    const run = { pid: 10, trace: 1, span: 2 }
    const kernel = new KernelStory().saw(run, file('read', '/etc/passwd'), exec('/bin/sh'), exec('/bin/ls'), exit(2))
    const graph = deriveGraph('conv', kernel.events)
    expect(edgesOf(graph, 'spawned')).toEqual([
      'process /bin/sh -> process /bin/ls (spawned, lineage)',
      'process process 10 -> process /bin/sh (spawned, lineage)',
    ])
    expect(onlyNode(graph, 'process', '/bin/ls').status).toBe('error')
  })

  test('G27 a double fork is followed through a process that ran nothing', () => {
    const kernel = new KernelStory()
      .saw({ pid: 10, trace: 1, span: 2 }, exec('/bin/sh'), fork(11))
      .saw({ pid: 11, parent: 10, trace: 1, span: 2, basis: 'lineage' }, fork(12), exit())
      // By now its parent has ended, and the kernel names the reaper.
      .saw({ pid: 12, parent: 1, trace: 1, span: 2, basis: 'lineage' }, exec('/tmp/daemon'))
    const graph = deriveGraph('conv', [...toolLoop(new Story(), 1).events, ...kernel.events])
    expect(edgesOf(graph, 'spawned')).toEqual([
      'process /bin/sh -> process process 11 (spawned, lineage)',
      'process process 11 -> process /tmp/daemon (spawned, lineage)',
      'tool bash -> process /bin/sh (spawned, trace)',
    ])
  })

  test('G27 a parent that ran several programs is the one that was running at the fork', () => {
    const kernel = new KernelStory()
      .saw({ pid: 10 }, exec('/bin/a'), fork(11), exec('/bin/b'), fork(12), exec('/bin/c'))
      .saw({ pid: 12, parent: 10 }, exec('/bin/second'))
      .saw({ pid: 11, parent: 10 }, exec('/bin/first'))
    expect(edgesOf(deriveGraph('conv', kernel.events), 'spawned')).toEqual(
      expect.arrayContaining([
        'process /bin/a -> process /bin/first (spawned, lineage)',
        'process /bin/b -> process /bin/second (spawned, lineage)',
      ]),
    )
  })

  test('G27 equal pids of two boots are two processes', () => {
    const kernel = new KernelStory()
      .saw({ pid: 10, boot: 'aaaaaaaa' }, exec('/bin/a'))
      .saw({ pid: 11, parent: 10, boot: 'bbbbbbbb' }, exec('/bin/b'))
    const graph = deriveGraph('conv', kernel.events)
    expect(nodesOf(graph, 'process')).toHaveLength(2)
    expect(graph.edges).toEqual([])
  })

  test('G28 a context of the whole run joins no act, and a lost ancestor is bridged by lineage', () => {
    const told = toolLoop(new Story(), 1).events
    const ofRun = new KernelStory().saw({ pid: 10, trace: 1, span: 2, basis: 'run' }, exec('/bin/sh'))
    expect(edgesOf(deriveGraph('conv', [...told, ...ofRun.events]), 'spawned')).toEqual([])
    const orphan = new KernelStory().saw({ pid: 11, parent: 10, trace: 1, span: 2, basis: 'lineage' }, exec('/bin/ls'))
    expect(edgesOf(deriveGraph('conv', [...told, ...orphan.events]), 'spawned')).toEqual([
      'tool bash -> process /bin/ls (spawned, lineage)',
    ])
  })

  test('G28 a context is what the process states: of another agent it is joined, and stays under its own agent', () => {
    const forged = new KernelStory()
      .saw({ pid: 20, agent: 'other' }, exec('/bin/above'), fork(21))
      .saw({ pid: 21, parent: 20, agent: 'other', trace: 1, span: 2 }, exec('/bin/forged'))
    const graph = deriveGraph('conv', [...toolLoop(new Story(), 1).events, ...forged.events])
    expect(edgesOf(graph, 'spawned')).toContain('tool bash -> process /bin/forged (spawned, trace)')
    expect(edgesOf(graph, 'spawned')).toContain('process /bin/above -> process /bin/forged (spawned, lineage)')
    const node = nodesOf(graph, 'process').find(
      ({ label }) => label === 'process /bin/forged' || label === '/bin/forged',
    )
    expect(node?.agent).toContain('other')
  })

  test('G28 a span that two tellers of one tier claim is not chosen between', () => {
    const rival = new Story().tell({ agent: 'other', trace: 1, span: 2 }, { a: toolCall('bash', text('{}')) })
    const kernel = new KernelStory().saw({ pid: 10, trace: 1, span: 2 }, exec('/bin/sh'))
    const graph = deriveGraph('conv', [...toolLoop(new Story(), 1).events, ...rival.events, ...kernel.events])
    expect(edgesOf(graph, 'spawned')).toEqual([])
    expect(onlyNode(graph, 'process').contestedCause).toBe(true)
  })
})

describe('acts', () => {
  test('G29 what is done again is one node with all its events, and a failure is another', () => {
    const run = { pid: 10 }
    const kernel = new KernelStory().saw(
      run,
      exec('/bin/cat'),
      file('read', '/a'),
      file('read', '/a'),
      file('read', '/a', -13),
    )
    const files = nodesOf(deriveGraph('conv', kernel.events), 'file')
    expect(files.map(({ events, status }) => `${events.length} ${status}`).toSorted()).toEqual(['1 error', '2 ok'])
  })

  test('G29 bytes and end of a connection stand in the node that its socket began', () => {
    const kernel = new KernelStory()
      .saw({ pid: 10 }, exec('/bin/x'), connect('192.0.2.1', 443, { socket: '77' }))
      .saw({ pid: 11 }, connect('192.0.2.1', 443, { socket: '77', action: 'close' }))
    const graph = deriveGraph('conv', kernel.events)
    expect(onlyNode(graph, 'connection').events).toHaveLength(2)
    expect(onlyNode(graph, 'connection').status).toBe('ok')
  })

  test('G29 an address bears the name that its own process was given, before any other of the host', () => {
    const kernel = new KernelStory()
      .saw({ pid: 10 }, answer('a.test', '192.0.2.1'), connect('192.0.2.1', 443))
      .saw({ pid: 11 }, answer('b.test', '192.0.2.1'))
      .saw({ pid: 12 }, connect('192.0.2.1', 444))
    const labels = nodesOf(deriveGraph('conv', kernel.events), 'connection').map(({ label }) => label)
    expect(labels).toContain('connect 192.0.2.1:443 (a.test)')
    expect(labels).toContain('connect 192.0.2.1:444 (a.test, b.test)')
  })
})

describe('sockets', () => {
  const local = { address: '10.0.0.2', port: 40_000 }
  const remote = { address: '192.0.2.1', port: 443 }

  test('G30 a socket that a span reports is the connection of that five-tuple', () => {
    const told = toolLoop(new Story(), 1).tell({ trace: 1, span: 3, parent: 2 }, { a: socket(local, remote) })
    const kernel = new KernelStory()
      .saw({ pid: 5 }, exec('/usr/bin/node'), connect(remote.address, remote.port, { local }))
      .saw({ pid: 5 }, connect('192.0.2.2', 443, { local: { ...local, port: 40_001 } }))
    const graph = deriveGraph('conv', [...told.events, ...kernel.events])
    expect(edgesOf(graph, 'connected').filter((edge) => !edge.includes('lineage'))).toEqual([
      'connection socket to 192.0.2.1:443 -> connection connect 192.0.2.1:443 (connected, socket)',
      'tool bash -> connection socket to 192.0.2.1:443 (connected, trace)',
    ])
  })

  test('G30 a five-tuple that two hosts of one agent have joins nothing', () => {
    const told = new Story().tell({ trace: 1, span: 3 }, { a: socket(local, remote) })
    const kernel = new KernelStory()
      .saw({ pid: 5, boot: 'aaaaaaaa' }, connect(remote.address, remote.port, { local }))
      .saw({ pid: 5, boot: 'bbbbbbbb' }, connect(remote.address, remote.port, { local }))
    const graph = deriveGraph('conv', [...told.events, ...kernel.events])
    expect(graph.edges.some(({ basis }) => basis === 'socket')).toBe(false)
  })
})

test('G32 what the kernel saw and no act leads to is a group of its own, counted, and stands last in the tree', () => {
  const kernel = new KernelStory()
    .saw({ pid: 5 }, exec('/usr/bin/node'), fork(10), file('read', '/work/config'), connect('192.0.2.1', 443))
    .saw({ pid: 10, parent: 5, trace: 1, span: 2 }, exec('/bin/sh'), file('write', '/work/out'))
    .saw({ pid: 5 }, file('read', '/work/config'))
  const graph = deriveGraph('conv', [...toolLoop(new Story(), 1).events, ...kernel.events])
  expect(graph.unjoined).toEqual([
    { kind: 'connection', nodes: 1, events: 1 },
    { kind: 'file', nodes: 1, events: 2 },
    { kind: 'process', nodes: 1, events: 2 },
  ])
  const marked = graph.nodes.filter(({ unjoined }) => unjoined === true).map(({ label }) => label)
  expect(marked.toSorted()).toEqual(['/usr/bin/node', 'connect 192.0.2.1:443', 'read /work/config'])
  const order = toTree(graph).map(({ id }) => graph.nodes.find((node) => node.id === id)?.unjoined === true)
  expect(order.lastIndexOf(false)).toBeLessThan(order.indexOf(true))
})

test('G21 processes hang below what started them in the tree', () => {
  const kernel = new KernelStory()
    .saw({ pid: 10, trace: 1, span: 2 }, exec('/bin/sh'))
    .saw({ pid: 10, trace: 1, span: 2 }, file('write', '/a'))
  const graph = deriveGraph('conv', [...toolLoop(new Story(), 1).events, ...kernel.events])
  const rows = toTree(graph)
  const shown = rows.find(({ id }) => id === onlyNode(graph, 'file').id)
  expect(shown).toMatchObject({ parent: onlyNode(graph, 'process').id, via: 'touched', basis: 'lineage' })
  expect(rows.find(({ id }) => id === shown?.parent)).toMatchObject({ via: 'spawned', basis: 'trace' })
})
