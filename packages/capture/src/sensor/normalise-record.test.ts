import { hostilePayloads } from '@holdfast/testkit'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { normalise } from '../normalise.ts'
import { addressBytes, dnsBytes, recordBytes, recordEntry } from './testing/records.ts'
import type { RecordParts } from './testing/records.ts'

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736'
const SPAN = '00f067aa0ba902b7'

function eventOf(parts: RecordParts, source = {}) {
  const [event, ...others] = normalise(recordEntry(parts, source)).events
  if (event === undefined || others.length > 0) throw new Error('a record is one event')
  return event
}

test('an exec has its binary, arguments, folder, capabilities and process', () => {
  const capabilities = Buffer.alloc(24)
  capabilities.writeBigUInt64LE(0xa8n, 0)
  const event = eventOf({
    type: 1,
    bootNs: 9_000n,
    ppid: 90,
    parentStartNs: 3_000n,
    basis: 1,
    trace: TRACE,
    span: SPAN,
    numbers: [0, 1],
    fields: [
      [1, '/usr/bin/curl'],
      [2, 'curl\0-s\0http://x.test/a b\0'],
      [3, '/work'],
      [14, capabilities],
    ],
  })
  expect(event.body).toMatchObject({
    kind: 'process',
    action: 'exec',
    binary: '/usr/bin/curl',
    arguments: { state: 'captured', text: 'curl -s http://x.test/a b' },
    cwd: '/work',
    uid: 1000,
    capabilities: '00000000000000a8',
  })
  expect(event.body).not.toHaveProperty('fileless')
  expect(event.context).toEqual({
    trace: TRACE,
    span: SPAN,
    contextBasis: 'environment',
    process: '11112222.100.4000',
    parentProcess: '11112222.90.3000',
  })
  expect(event.claimedAt).toBe(1_795_000_000_000_009_000n)
  expect(event.agent.instance).toBe('100')
  expect(event.source).toMatchObject({ dialect: 'sensor', tier: 'kernel', channel: 'sensor' })
})

test('an id comes from boot, process and number, and not from the place in the log', () => {
  const parts = { type: 15, number: 12n, fields: [[1, '/mnt']] } as const
  const [a] = normalise(recordEntry(parts, {}, 3)).events
  const [b] = normalise(recordEntry(parts, {}, 99)).events
  expect(a?.id).toMatch(/^kernel\.11112222\.100\.4000\.[0-9a-f]{20}\.[0-9a-f]{12}\.12\.kernel$/)
  expect(b?.id).toBe(a?.id)
  // The numbers of a sensor begin anew with each run of it.
  expect(normalise(recordEntry(parts, { start: 'later' })).events[0]?.id).not.toBe(a?.id)
})

test('a record without trace context belongs to its run, container or cgroup', () => {
  expect(eventOf({ type: 11 }).context.session).toBe('host:node-1/builder~run-7')
  expect(eventOf({ type: 11 }, { run: undefined, container: 'c0ffee' }).context.session).toBe(
    'host:node-1/builder~c0ffee',
  )
  expect(eventOf({ type: 11 }, { run: undefined }).context.session).toBe('host:node-1/builder~4242')
})

test('code that no folder holds is fileless', () => {
  expect(eventOf({ type: 1, numbers: [0, 0], fields: [[1, '/memfd:x (deleted)']] }).body).toMatchObject({
    fileless: 'memfd',
  })
  expect(eventOf({ type: 1, numbers: [0, 0], fields: [[1, '/tmp/gone']] }).body).toMatchObject({ fileless: 'deleted' })
})

test('arguments that were cut are truncated, and those that were not read are not captured', () => {
  expect(eventOf({ type: 1, flags: 2, fields: [[2, 'a\0b\0']] }).body).toMatchObject({
    arguments: { state: 'truncated', text: 'a b' },
  })
  expect(eventOf({ type: 1 }).body).toMatchObject({ arguments: { state: 'not-captured' } })
})

test.each<[string, RecordParts, object]>([
  ['fork', { type: 2, numbers: [101, 101, 4500] }, { kind: 'process', action: 'fork', child: '11112222.101.4500' }],
  ['exit', { type: 3, numbers: [2 << 8] }, { kind: 'process', action: 'exit', exitCode: 2, signal: 0 }],
  ['a signal', { type: 3, numbers: [9] }, { kind: 'process', action: 'exit', exitCode: 0, signal: 9 }],
  [
    'a read of a secret',
    { type: 4, result: 3, numbers: [-100, 0, 0, 0, 1], fields: [[1, '/etc/shadow']] },
    { kind: 'file', action: 'read', path: '/etc/shadow', isSensitive: true, isForeign: false, result: 3 },
  ],
  [
    'a refused write to a relative path',
    {
      type: 4,
      result: -13,
      numbers: [-100, 0, 0o1101, 0o644, 2],
      fields: [
        [1, 'out.txt'],
        [3, '/work/'],
      ],
    },
    { kind: 'file', action: 'write', path: '/work/out.txt', flags: 0o1101, isSensitive: false, result: -13 },
  ],
  [
    'a new file of another container',
    { type: 4, result: 4, numbers: [-100, 0, 0o301, 0, 6], fields: [[1, '/x']] },
    { kind: 'file', action: 'create', isForeign: true },
  ],
  ['unlink', { type: 25, fields: [[1, '/a']] }, { kind: 'file', action: 'unlink', path: '/a' }],
  [
    'rename',
    {
      type: 26,
      fields: [
        [1, '/a'],
        [5, '/etc/shadow'],
      ],
    },
    { kind: 'file', action: 'rename', to: '/etc/shadow', isSensitive: true },
  ],
  [
    'connect',
    {
      type: 5,
      result: -115,
      numbers: [7, 6, 99],
      fields: [
        [6, addressBytes(40000, [10, 0, 0, 2])],
        [7, addressBytes(443, [93, 184, 216, 34])],
      ],
    },
    {
      kind: 'connection',
      action: 'connect',
      protocol: 'tcp',
      socket: '99',
      local: { address: '10.0.0.2', port: 40000 },
      remote: { address: '93.184.216.34', port: 443 },
      result: -115,
    },
  ],
  [
    'a unix socket',
    { type: 5, numbers: [7], fields: [[7, Buffer.from('\u0001\0\0\0/run/docker.sock')]] },
    { protocol: 'unix', remote: { address: '/run/docker.sock', port: 0 } },
  ],
  [
    'an IPv6 flow',
    {
      type: 9,
      numbers: [10, 20, 99, 17, 0],
      fields: [[7, addressBytes(53, [0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1])]],
    },
    { action: 'flow', protocol: 'udp', bytesSent: 10, bytesReceived: 20, remote: { address: '2001:db8::1', port: 53 } },
  ],
  ['the end of a flow', { type: 9, numbers: [1, 2, 3, 6, 1] }, { action: 'close', protocol: 'tcp' }],
  [
    'a refused packet',
    { type: 31, numbers: [3, 99, 4] },
    { kind: 'connection', action: 'refused', refused: 'packet out', count: 4, socket: '99', result: -1 },
  ],
  [
    'a refused new socket',
    { type: 31, numbers: [8, 0, 3] },
    { kind: 'connection', action: 'refused', refused: 'socket', count: 3, result: -1 },
  ],
  [
    'what an egress list refused',
    {
      type: 37,
      result: -1,
      numbers: [1, 99, 3, 2, 6],
      fields: [
        [11, 'ab'.repeat(32)],
        [7, addressBytes(443, [192, 0, 2, 7])],
      ],
    },
    {
      kind: 'connection',
      action: 'refused',
      refused: 'connect',
      protocol: 'tcp',
      remote: { address: '192.0.2.7', port: 443 },
      count: 3,
      policy: { artifact: 'ab'.repeat(32), mode: 'enforce' },
      result: -1,
    },
  ],
  [
    'what an egress list would have refused',
    { type: 37, numbers: [2, 0, 0, 1, 17], fields: [[11, 'cd'.repeat(32)]] },
    {
      action: 'unlisted',
      refused: 'sendmsg',
      protocol: 'udp',
      count: 1,
      policy: { artifact: 'cd'.repeat(32), mode: 'monitor' },
      result: 0,
    },
  ],
  ['a refusal that cites no artifact', { type: 37, numbers: [1, 0, 1, 2, 6] }, { kind: 'kernel', action: 'other' }],
  [
    'a DNS answer',
    {
      type: 8,
      numbers: [1],
      fields: [[8, dnsBytes('Api.Example.com', [{ type: 1, data: Buffer.from([1, 2, 3, 4]) }])]],
    },
    { kind: 'dns', action: 'answer', name: 'api.example.com', recordType: 'A', answers: ['1.2.3.4'], code: 'NOERROR' },
  ],
  ['unshare', { type: 11, numbers: [0x20020000] }, { action: 'unshare', target: 'CLONE_NEWNS|CLONE_NEWPID' }],
  ['setns', { type: 10, numbers: [5, 0] }, { action: 'setns', details: { descriptor: '5', flags: '0' } }],
  [
    'mount',
    {
      type: 13,
      numbers: [0x1000 | 0x4000],
      fields: [
        [1, '/mnt'],
        [5, '/'],
        [11, 'none'],
      ],
    },
    { action: 'mount', target: '/mnt', details: { source: '/', type: 'none', flags: 'MS_BIND|MS_REC' } },
  ],
  [
    'ptrace',
    { type: 16, numbers: [16, 77] },
    { action: 'ptrace', target: 'pid 77', details: { request: 'PTRACE_ATTACH' } },
  ],
  ['a write into a process', { type: 17, numbers: [77, 1] }, { action: 'process-vm', details: { direction: 'write' } }],
  [
    'a capability',
    { type: 18, numbers: [21, 0] },
    { action: 'capability', target: 'CAP_SYS_ADMIN', details: { verdict: 'denied' } },
  ],
  ['setuid', { type: 19, numbers: [105, 0] }, { action: 'set-id', target: 'setuid' }],
  ['bpf', { type: 20, numbers: [5] }, { action: 'bpf', target: 'BPF_PROG_LOAD' }],
  ['keyctl', { type: 22, numbers: [11] }, { action: 'keyctl', target: 'KEYCTL_READ' }],
  ['io_uring', { type: 24, numbers: [1, 18] }, { action: 'io-uring', target: 'IORING_OP_OPENAT' }],
  [
    'a refused call',
    { type: 30, numbers: [165, 1] },
    { action: 'seccomp-refused', target: 'mount', details: { outcome: 'refused', basis: 'answer', errno: '1' } },
  ],
  [
    'a call that a filter answered',
    { type: 30, numbers: [165, 18, 1] },
    { action: 'seccomp-refused', target: 'mount', details: { outcome: 'refused', basis: 'kernel', errno: '18' } },
  ],
  [
    'a 32-bit call that a filter killed',
    { type: 30, numbers: [20, 0, 2, 0x4000_0003] },
    {
      action: 'seccomp-refused',
      target: '#20',
      details: { outcome: 'killed', basis: 'kernel', architecture: 'i386' },
    },
  ],
  [
    'a call that a profile has logged',
    { type: 30, numbers: [39, 0, 3] },
    { action: 'seccomp-refused', target: 'getpid', details: { outcome: 'logged', basis: 'profile' } },
  ],
  ['a packet socket', { type: 33, numbers: [17, 3, 768] }, { action: 'raw-socket', target: 'AF_PACKET' }],
  ['an x32 call', { type: 36, numbers: [0xc000003en] }, { action: 'foreign-arch', target: 'x32' }],
])('%s is read', (_name, parts, expected) => {
  expect(eventOf(parts).body).toMatchObject(expected)
})

test('a bitmap is the sorted names of its calls, by the machine', () => {
  const bitmap = Buffer.alloc(64)
  bitmap[0] = 0b101
  bitmap[7] = 0b1000
  const parts = { type: 29, pid: 0, fields: [[12, bitmap]] } as const
  expect(eventOf(parts).body).toEqual({ kind: 'syscall-set', calls: ['execve', 'open', 'read'] })
  expect(eventOf(parts, { machine: 'aarch64' }).body).toMatchObject({ calls: ['io_setup', 'io_submit', 'pipe2'] })
})

test('an unknown type is kept and counted', () => {
  const { events, mapped, unmapped } = normalise(recordEntry({ type: 500 }))
  expect(events[0]?.body).toMatchObject({ kind: 'kernel', action: 'other', details: { type: '500' } })
  expect({ mapped, unmapped }).toEqual({ mapped: 0, unmapped: ['type 500'] })
})

test('bytes that are no record become one step that says so', () => {
  const entry = { ...recordEntry({ type: 1 }), body: Buffer.from('nothing') }
  expect(normalise(entry).events[0]?.body).toMatchObject({ kind: 'step', mapped: false })
})

test('whatever bytes come, there is one event with an id and Unicode text', () => {
  const kinds = Array.from({ length: 40 }, (_, type) => type)
  fc.assert(
    fc.property(
      fc.constantFrom(...kinds),
      fc.array(fc.tuple(fc.integer({ min: 0, max: 16 }), fc.uint8Array({ maxLength: 40 })), { maxLength: 6 }),
      fc.array(fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }), { maxLength: 6 }),
      fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 6 }),
      (type, fields, numbers, changes) => {
        const entry = recordEntry({ type, fields, numbers })
        const body = Buffer.from(recordBytes({ type, fields, numbers }))
        for (const [at, byte] of changes) body[at % body.length] = byte
        const { events } = normalise({ ...entry, body })
        expect(events).toHaveLength(1)
        expect(events[0]?.id).toMatch(/^[A-Za-z0-9._~-]+$/)
        expect(
          JSON.stringify(events[0], (_key, value: unknown) =>
            typeof value === 'bigint' ? `${value}` : value,
          ).isWellFormed(),
        ).toBe(true)
      },
    ),
  )
})

test('a program may be called anything: its path, folder and argument read as the kernel gave them', () => {
  const seed = Number(process.env['HOLDFAST_SEED'] ?? 1)
  for (const { text } of hostilePayloads({ seed, count: 500 })) {
    // A C string ends at its first zero byte, and UTF-8 has no half characters.
    const name = text.toWellFormed().replaceAll('\0', '').slice(0, 1_000).toWellFormed()
    const path = `/tmp/${name}`
    const fields = [
      [1, path],
      [2, `x\0${name}\0`],
      [3, path],
    ] as const
    const { binary, cwd, arguments: given } = eventOf({ type: 1, numbers: [0, 1], fields }).body as Exec
    expect([binary, cwd, given.text]).toEqual([path, path, `x ${name}`])
  }
})

/** What a record of type 1 comes to. */
type Exec = { readonly binary: string; readonly cwd: string; readonly arguments: { readonly text: string } }

test('what a runtime does before the agent runs is set-up, and nothing else is', () => {
  expect(eventOf({ type: 15, flags: 9, fields: [[1, '/mnt']] }).context.isSetup).toBe(true)
  expect(eventOf({ type: 15, flags: 7, fields: [[1, '/mnt']] }).context).not.toHaveProperty('isSetup')
})

test('a call that a filter refused cites the policy of its cgroup, and none where there is none', () => {
  const parts = { type: 30, numbers: [165, 1, 1] } as const
  const artifact = 'ef'.repeat(32)
  expect(eventOf(parts, { seccomp: artifact, seccompMode: 'enforce' }).body).toMatchObject({
    action: 'seccomp-refused',
    target: 'mount',
    details: { outcome: 'refused', artifact, mode: 'enforce' },
  })
  expect(eventOf(parts, { seccomp: artifact }).body).toMatchObject({ details: { artifact, mode: 'monitor' } })
  expect(eventOf(parts).body).not.toHaveProperty('details.artifact')
})
