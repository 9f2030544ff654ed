import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Event } from '@holdfast/model'
import { entriesOfGroups } from '../dialects/testing/recordings.ts'
import { normalise } from '../normalise.ts'
import { importRuns } from './import-runs.ts'

function imported(events: readonly unknown[], file = 'events.jsonl') {
  const text = events.map((event) => JSON.stringify(event)).join('\n')
  return importRuns({ file, bytes: new TextEncoder().encode(text) })
}

function eventsOf(...lines: readonly unknown[]): readonly Event[] {
  return entriesOfGroups(imported(lines).groups).flatMap((entry) => normalise(entry).events)
}

const execId = (pid: number, ns: number): string => Buffer.from(`node-1:${ns}:${pid}`).toString('base64')
const PROCESS = {
  exec_id: execId(70, 9000),
  parent_exec_id: execId(60, 8000),
  pid: 70,
  uid: 33,
  cwd: '/srv',
  binary: '/usr/bin/curl',
  arguments: '-s http://x.test',
  pod: { namespace: 'shop', name: 'cart-5d9c7b6f48-x2x7k', container: { id: 'containerd://c1' } },
}
const tetragon = (kind: string, more: object = {}, process: object = {}) => ({
  [kind]: { process: { ...PROCESS, ...process }, ...more },
  node_name: 'node-1',
  cluster_name: 'prod',
  time: '2025-01-02T03:04:05.000000006Z',
})

test('an event of Tetragon belongs to the workload of its pod, with the time of the source', () => {
  const { groups, format, clock, accepted, rejectedTotal } = imported([tetragon('process_exec')])
  expect({ format, clock, accepted, rejectedTotal }).toEqual({
    format: 'tetragon',
    clock: 'imported',
    accepted: 1,
    rejectedTotal: 0,
  })
  expect(groups[0]?.envelope).toMatchObject({
    channel: 'tetragon',
    tier: 'kernel',
    encoding: 'tetragon-json',
    agent: 'k8s:prod/shop/cart',
    agentName: 'cart',
  })
  const [event] = eventsOf(tetragon('process_exec'))
  expect(event).toMatchObject({
    claimedAt: 1_735_787_045_000_000_006n,
    agent: { instance: 'cart-5d9c7b6f48-x2x7k' },
    body: {
      kind: 'process',
      action: 'exec',
      binary: '/usr/bin/curl',
      arguments: { text: '/usr/bin/curl -s http://x.test' },
      uid: 33,
      cwd: '/srv',
    },
  })
  expect(event?.context).toEqual({
    session: 'k8s:prod/shop/cart~cart-5d9c7b6f48-x2x7k',
    process: expect.stringMatching(/^[0-9a-f]{8}\.70\.9000$/),
    parentProcess: expect.stringMatching(/^[0-9a-f]{8}\.60\.8000$/),
  })
})

const SOCKET = { protocol: 'TCP', saddr: '10.0.0.1', sport: 40000, daddr: '192.0.2.7', dport: 443 }
test.each<[string, object, object]>([
  ['an exit', tetragon('process_exit', { signal: 'SIGKILL' }), { action: 'exit', exitCode: 0, signal: 9 }],
  ['an exit code', tetragon('process_exit', { status: 3 }), { exitCode: 3, signal: 0 }],
  [
    'a connection of old',
    tetragon('process_connect', {
      source_ip: '10.0.0.1',
      source_port: 1,
      destination_ip: '::1',
      destination_port: '2',
      protocol: 'TCP',
    }),
    { action: 'connect', protocol: 'tcp', remote: { address: '::1', port: 2 } },
  ],
  [
    'its end',
    tetragon('process_close', {
      destination_ip: '1.2.3.4',
      destination_port: 2,
      stats: { bytes_sent: '10', bytes_received: 20 },
    }),
    { action: 'close', bytesSent: 10, bytesReceived: 20 },
  ],
  [
    'a listener',
    tetragon('process_listen', { ip: '0.0.0.0', port: 80, protocol: 'TCP' }),
    { action: 'bind', local: { address: '0.0.0.0', port: 80 } },
  ],
  [
    'a hooked connect',
    tetragon('process_kprobe', { function_name: 'tcp_connect', args: [{ sock_arg: SOCKET }] }),
    { kind: 'connection', action: 'connect', local: { port: 40000 }, remote: { address: '192.0.2.7', port: 443 } },
  ],
  [
    'a read',
    tetragon('process_kprobe', {
      function_name: 'security_file_permission',
      args: [{ file_arg: { path: '/etc/shadow' } }, { int_arg: 4 }],
      return: { int_arg: -13 },
    }),
    { kind: 'file', action: 'read', path: '/etc/shadow', isSensitive: true, result: -13 },
  ],
  [
    'a write',
    tetragon('process_lsm', {
      function_name: 'file_permission',
      args: [{ file_arg: { path: 'srv/out' } }, { int_arg: 2 }],
    }),
    { kind: 'file', action: 'write', path: '/srv/out' },
  ],
  [
    'a mount',
    tetragon('process_kprobe', {
      function_name: '__x64_sys_mount',
      args: [{ string_arg: 'none' }, { string_arg: '/mnt' }],
      policy_name: 'p',
    }),
    { kind: 'kernel', action: 'mount', details: { 'argument 0': 'none', 'argument 1': '/mnt', policy: 'p' } },
  ],
  [
    'a capability',
    tetragon('process_kprobe', {
      function_name: 'cap_capable',
      args: [{ capability_arg: { name: 'CAP_SYS_ADMIN', value: 21 } }],
    }),
    { action: 'capability', target: 'CAP_SYS_ADMIN' },
  ],
  [
    'an entered namespace',
    tetragon('process_kprobe', { function_name: '__x64_sys_setns', args: [{ int_arg: 3 }, { int_arg: 0x20000000 }] }),
    { action: 'setns', target: 'CLONE_NEWPID' },
  ],
  [
    'a requested module',
    tetragon('process_kprobe', { function_name: 'security_kernel_module_request', args: [{ string_arg: 'fs-xfs' }] }),
    { action: 'module', target: 'fs-xfs' },
  ],
  [
    'any other hook',
    tetragon('process_tracepoint', { subsys: 'x', event: 'made_up', action: 'KPROBE_ACTION_SIGKILL' }),
    { kind: 'kernel', action: 'other', target: 'made_up', details: { enforced: 'KPROBE_ACTION_SIGKILL' } },
  ],
])('%s of Tetragon is read', (_name, event, body) => {
  expect(eventsOf(event)).toMatchObject([{ body }])
})

const hook = (function_name: string, ...args: readonly object[]) => tetragon('process_kprobe', { function_name, args })
test.each<[string, object, string]>([
  ['an opened file with its descriptor', hook('fd_install', { int_arg: 3 }, { file_arg: { path: '/x' } }), 'file read'],
  ['open to write', hook('__x64_sys_open', { string_arg: '/x' }, { int_arg: 1 }), 'file write'],
  [
    'openat to write',
    hook('sys_openat', { int_arg: -100 }, { string_arg: '/x' }, { int_arg: 0o101 }, { int_arg: 0o600 }),
    'file write',
  ],
  ['openat of a folder to read', hook('sys_openat', { int_arg: 3 }, { string_arg: '/x' }, { int_arg: 0 }), 'file read'],
  ['a mapping to write', hook('security_mmap_file', { file_arg: { path: '/x' } }, { uint_arg: 3 }), 'file write'],
  ['a mapping to run', hook('security_mmap_file', { file_arg: { path: '/x' } }, { uint_arg: 5 }), 'file read'],
  ['a new process', hook('__x64_sys_clone', { int_arg: 0x1200011 }), 'kernel other'],
  ['a new process in a namespace', hook('__x64_sys_clone', { int_arg: 0x10000011 }), 'kernel clone-ns'],
  ['a call whose flags are not told', hook('__x64_sys_clone3'), 'kernel other'],
])('%s of Tetragon is no other act', (_name, event, act) => {
  const [told] = eventsOf(event)
  expect(told !== undefined && 'action' in told.body ? `${told.body.kind} ${told.body.action}` : '').toBe(act)
})

test('names of any length, and half characters in them, are kept as text within the bounds', () => {
  const long = `${'a'.repeat(5_000)}\ud800`
  const half = 'x\ud83d'
  const events = [
    ...eventsOf(tetragon('process_exec', {}, { binary: long, cwd: half, arguments: half })),
    ...eventsOf(hook(long, { string_arg: half })),
    ...eventsOf(hook('tcp_connect', { sock_arg: { saddr: long, daddr: half } })),
    ...eventsOf(falco({ 'evt.type': 'execve', 'proc.exepath': long, 'proc.cwd': half, 'proc.cmdline': half })),
    ...eventsOf(falco({ 'evt.type': 'renameat', 'fs.path.source': half, 'fs.path.target': long })),
    ...eventsOf(falco({ 'evt.type': 'mount', 'evt.args': long }, { priority: half, rule: half })),
    ...eventsOf(falco({ 'evt.type': 'connect', 'fd.sip': half, 'fd.sport': 1 })),
  ]
  expect(events.length).toBeGreaterThanOrEqual(10)
  for (const { body } of events) {
    const text = JSON.stringify(body)
    expect(text).not.toMatch(/\\ud[89a-f]/)
    expect(text.length).toBeLessThan(16_384)
  }
})

test('a kind of Tetragon that is not known is kept and counted', () => {
  const [entry] = entriesOfGroups(imported([tetragon('process_teleport')]).groups)
  if (entry === undefined) throw new Error('it was not kept')
  expect(normalise(entry)).toMatchObject({
    unmapped: ['process_teleport'],
    events: [{ body: { action: 'other', target: 'process_teleport' } }],
  })
})

const falco = (fields: object, more: object = {}) => ({
  hostname: 'node-1',
  time: '2025-01-02T03:04:05.5Z',
  rule: 'Something happened',
  priority: 'Warning',
  output: 'Something happened (…)',
  source: 'syscall',
  output_fields: { 'container.id': 'host', ...fields },
  ...more,
})

test.each<[string, object, object]>([
  [
    'an exec',
    falco({ 'evt.type': 'execve', 'proc.exepath': '/bin/sh', 'proc.cmdline': 'sh -c id', 'user.uid': 0 }),
    { action: 'exec', binary: '/bin/sh', arguments: { text: 'sh -c id' } },
  ],
  [
    'a refused exec',
    falco({ 'evt.type': 'execve', 'proc.name': 'x', 'evt.res': 'EACCES' }),
    { action: 'exec-failed', result: -13, arguments: { state: 'not-captured' } },
  ],
  [
    'a read',
    falco({ 'evt.type': 'openat', 'fd.name': '/etc/shadow', 'evt.arg.flags': 'O_RDONLY' }),
    { kind: 'file', action: 'read', isSensitive: true },
  ],
  [
    'a write',
    falco({ 'evt.type': 'openat', 'fd.name': '/x', 'evt.is_open_write': true }),
    { action: 'write', path: '/x' },
  ],
  [
    'a connect',
    falco({ 'evt.type': 'connect', 'fd.name': '10.0.0.1:4000->192.0.2.7:443', 'fd.l4proto': 'tcp' }),
    {
      action: 'connect',
      protocol: 'tcp',
      local: { address: '10.0.0.1', port: 4000 },
      remote: { address: '192.0.2.7', port: 443 },
    },
  ],
  [
    'an accept',
    falco({ 'evt.type': 'accept4', 'fd.name': '10.0.0.1:4000->192.0.2.7:443' }),
    { action: 'accept', local: { port: 443 }, remote: { port: 4000 } },
  ],
  [
    'a packet that a server sent',
    falco({
      'evt.type': 'sendto',
      'fd.name': '10.0.0.1:4000->192.0.2.7:53',
      'fd.sip': '192.0.2.7',
      'fd.sport': 53,
      'fd.lip': '192.0.2.7',
      'fd.lport': 53,
      'fd.rip': '10.0.0.1',
      'fd.rport': 4000,
    }),
    { action: 'flow', local: { address: '192.0.2.7', port: 53 }, remote: { address: '10.0.0.1', port: 4000 } },
  ],
  [
    'a namespace of a new process',
    falco({ 'evt.type': 'clone', 'evt.args': 'res=0 exe=sh flags=25165824(CLONE_NEWUSER|CLONE_VFORK)' }),
    { action: 'clone-ns' },
  ],
  ['setns', falco({ 'evt.type': 'setns', 'evt.args': 'fd=3' }), { kind: 'kernel', action: 'setns', target: 'fd=3' }],
])('%s of Falco is read, with the rule beside it', (_name, event, body) => {
  expect(eventsOf(event)).toMatchObject([
    { body },
    { body: { kind: 'kernel', action: 'other', target: 'Something happened', details: { priority: 'Warning' } } },
  ])
})

test('a new process of Falco that gets no namespace is none', () => {
  const events = eventsOf(falco({ 'evt.type': 'clone', 'evt.args': 'flags=CLONE_FILES|CLONE_SIGHAND' }))
  expect(events.map(({ body }) => ('action' in body ? body.action : body.kind))).toEqual(['other'])
})

test('a process of Falco needs its start to be named', () => {
  const [unnamed] = eventsOf(falco({ 'evt.type': 'execve', 'proc.pid': 7 }))
  expect(unnamed?.context.process).toBeUndefined()
  const [named] = eventsOf(falco({ 'evt.type': 'execve', 'proc.pid': 7, 'proc.pid.ts': 1_735_787_045_000_000_000 }))
  expect(named?.context.process).toMatch(/^[0-9a-f]{8}\.7\.1735787045000000000$/)
})

test('an alert of Falco belongs to workload, container or host', () => {
  const agents = imported([
    falco({ 'evt.type': 'x', 'k8s.pod.name': 'cart-5d9c7b6f48-x2x7k', 'k8s.ns.name': 'shop' }),
    falco({ 'evt.type': 'x', 'container.id': 'c0ffee', 'container.name': 'web' }),
    falco({ 'evt.type': 'x' }),
  ]).groups.map((group) => group.envelope.agent)
  expect(agents).toEqual(['k8s:-/shop/cart', 'host:node-1/web', 'host:node-1/-'])
})

test('one event that is printed over many lines, a list of events, and events quoted in records are read', () => {
  const event = tetragon('process_exec')
  for (const text of [
    JSON.stringify(event, undefined, 3),
    JSON.stringify([event]),
    JSON.stringify({ note: 1, event }),
  ]) {
    const read = importRuns({ file: 'event.json', bytes: new TextEncoder().encode(text) })
    expect(read).toMatchObject({ format: 'tetragon', accepted: 1, rejectedTotal: 0 })
    expect(entriesOfGroups(read.groups).flatMap((entry) => normalise(entry).events)).toMatchObject([
      { body: { action: 'exec' } },
    ])
  }
})

test('credentials in arguments are masked', () => {
  const { groups } = imported([
    tetragon('process_exec', {}, { arguments: '-H "Authorization: Bearer abcdefghijklmnopqrstuvwxyz0123456789"' }),
  ])
  expect(Buffer.from(groups[0]?.bytes ?? []).toString()).not.toContain('abcdefghijklmnopqrstuvwxyz0123456789')
})

test('whatever stands in the fields of an event, reading it gives events with ids', () => {
  const value = fc.jsonValue({ maxDepth: 2 })
  fc.assert(
    fc.property(
      fc.dictionary(fc.constantFrom('exec_id', 'pid', 'binary', 'arguments', 'pod', 'cap', 'docker', 'uid'), value),
      fc.dictionary(
        fc.constantFrom('args', 'function_name', 'return', 'status', 'signal', 'stats', 'source_ip'),
        value,
      ),
      fc.constantFrom('process_exec', 'process_exit', 'process_kprobe', 'process_connect', 'process_close'),
      value,
      (process, more, kind, fields) => {
        for (const event of [
          ...eventsOf({ [kind]: { process, ...more } }),
          ...eventsOf(falco({ 'evt.type': fields, 'fd.name': fields, 'proc.pid': fields })),
        ]) {
          expect(event.id).toMatch(/^[A-Za-z0-9._~-]+$/)
        }
      },
    ),
  )
})
