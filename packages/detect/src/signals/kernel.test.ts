import type { Event, Signal } from '@holdfast/model'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { kernelSignals } from './kernel.ts'
import { MAX_PROOFS } from './limits.ts'
import { Recorded } from './testing/recorded.ts'

const said = (recorded: Recorded) =>
  kernelSignals(recorded.events).map(({ detector, strength }) => [detector.replace('kernel/', ''), strength])

test('what was done is said after the agent’s name, and how often is not', () => {
  const twice = new Recorded().act(5, 'chroot', '/srv/a', {}, -1).act(5, 'chroot', '/srv/a', {}, -1)
  expect(kernelSignals(twice.events).map(({ title, words }) => [title, words])).toEqual([
    [
      'changed its root to “/srv/a”; the kernel refused it',
      'changed its root to “/srv/a”; the kernel refused it (2 events)',
    ],
  ])
})

describe('what one act says', () => {
  const acts: readonly (readonly [string, Recorded, readonly (readonly [string, number])[]])[] = [
    ['entering namespaces', new Recorded().act(5, 'setns', '', { flags: 'CLONE_NEWNS' }), [['namespace-entry', 0.9]]],
    ['trying to', new Recorded().act(5, 'setns', '', { flags: 'CLONE_NEWPID' }, -1), [['namespace-entry', 0.72]]],
    [
      'a disk of the host',
      new Recorded().act(5, 'mount', '/x', { source: '/dev/sda1', flags: '0' }),
      [['host-mount', 0.9]],
    ],
    [
      'making the kernel’s settings writable',
      new Recorded().act(5, 'mount', '/proc/sys', { source: 'none', flags: 'MS_REMOUNT|MS_BIND' }),
      [['remount', 0.65]],
    ],
    [
      'making them read-only',
      new Recorded().act(5, 'mount', '/proc/sys', { source: 'none', flags: 'MS_RDONLY|MS_REMOUNT' }),
      [],
    ],
    ['unmounting', new Recorded().act(5, 'mount', '/mnt', { source: '', type: '', flags: 'MS_NOSUID' }), []],
    [
      'a second root',
      new Recorded().act(5, 'chroot', '/srv/jail').act(5, 'chroot', '/.'),
      [
        ['chroot', 0.3],
        ['root-break', 0.75],
      ],
    ],
    [
      'attaching to a stranger',
      new Recorded().act(5, 'ptrace', 'pid 77', { request: 'PTRACE_ATTACH' }),
      [['ptrace', 0.85]],
    ],
    [
      'attaching to one’s own',
      new Recorded().run(77, '/usr/bin/app').act(5, 'ptrace', 'pid 77', { request: 'PTRACE_SEIZE' }),
      [],
    ],
    ['being traced', new Recorded().act(5, 'ptrace', 'pid 0', { request: 'PTRACE_TRACEME' }), []],
    ['a map of BPF', new Recorded().act(5, 'bpf', 'BPF_MAP_CREATE', { command: 'BPF_MAP_CREATE' }), []],
    ['a capability that all use', new Recorded().act(5, 'capability', 'CAP_DAC_OVERRIDE', { verdict: 'granted' }), []],
    ['an io_uring alone', new Recorded().act(5, 'io-uring', 'setup'), []],
    [
      'a stock module asked for by a mount',
      new Recorded().act(5, 'module', 'fs-xfs', { hook: 'security_kernel_module_request' }),
      [],
    ],
    ['core_pattern', new Recorded().file(5, 'write', '/proc/sys/kernel/core_pattern'), [['kernel-handler', 0.9]]],
    ['reading it', new Recorded().file(5, 'read', '/proc/sys/kernel/core_pattern'), []],
    [
      'another container’s file',
      new Recorded().file(5, 'create', '/models/adapter.bin', { isForeign: true }),
      [['foreign-file', 0.85]],
    ],
    ['a uid map that counts as foreign', new Recorded().file(5, 'write', '/proc/77/uid_map', { isForeign: true }), []],
    ['su reads the hashes', new Recorded().run(5, '/usr/bin/su').file(5, 'read', '/etc/shadow'), []],
    [
      'a script reads the hashes',
      new Recorded().run(5, '/usr/bin/python3').file(5, 'read', '/etc/shadow'),
      [['secret-read', 0.6]],
    ],
    ['the engine’s socket', new Recorded().connect(5, '/run/docker.sock', 0), [['engine-socket', 0.75]]],
    [
      'the metadata address from a library',
      new Recorded().run(5, '/usr/bin/python3').connect(5, '169.254.169.254', 80),
      [['metadata', 0.4]],
    ],
    [
      'the metadata address by hand',
      new Recorded().run(5, '/usr/bin/curl').connect(5, '169.254.169.254', 80),
      [['metadata', 0.55]],
    ],
    [
      'nsenter by its name, where no call was seen',
      new Recorded().run(5, '/usr/bin/nsenter', '/usr/bin/nsenter -t 1 -m bash'),
      [['namespace-entry', 0.9]],
    ],
    [
      'a shell after a connection',
      new Recorded().run(5, '/usr/bin/python3').connect(5, '203.0.113.9', 4444).run(5, '/bin/sh'),
      [['reverse-connection', 0.8]],
    ],
    [
      'a shell that starts what connects',
      new Recorded()
        .run(5, '/bin/sh')
        .run(6, '/usr/bin/curl')
        .connect(6, '203.0.113.9')
        .run(7, '/bin/sh', '/bin/sh', 5),
      [],
    ],
    [
      'a package that sets such bits',
      new Recorded().run(5, '/usr/bin/dpkg').run(6, '/usr/bin/tar').file(6, 'set-capability', '/usr/bin/mount'),
      [],
    ],
    [
      'a script that sets them',
      new Recorded().run(5, '/bin/sh').file(5, 'set-capability', '/tmp/sh'),
      [['set-id-file', 0.6]],
    ],
    [
      'a program of a compiler',
      new Recorded().run(5, '/bin/sh').file(6, 'create', '/tmp/a.out').run(7, '/tmp/a.out', './a.out', 5),
      [],
    ],
    [
      'one under another name',
      new Recorded().run(5, '/tmp/dropper').file(5, 'create', '/tmp/x').run(5, '/tmp/x', '[kworker/0:1]'),
      [['disguised', 0.5]],
    ],
    [
      'a user who becomes root',
      new Recorded().run(5, '/usr/bin/app', 'app', 4, 1000).act(5, 'set-id', 'setuid', { ids: '0 0 0' }),
      [['became-root', 0.75]],
    ],
    [
      'by sudo',
      new Recorded().run(5, '/usr/bin/sudo', 'sudo', 4, 1000).act(5, 'set-id', 'setuid', { ids: '0 0 0' }),
      [],
    ],
    ['dropping rights', new Recorded().run(5, '/usr/bin/app').act(5, 'set-id', 'setuid', { ids: '1000 0 0' }), []],
  ]
  test.each(acts)('%s', (_, recorded, expected) => expect(said(recorded)).toEqual(expected))
})

describe('the same acts as other sensors tell them', () => {
  const acts: readonly (readonly [string, Recorded, readonly (readonly [string, number])[]])[] = [
    [
      'Falco: a disk of the host',
      new Recorded().act(5, 'mount', 'res=0 dev=/dev/sda1 dir=/mnt type=ext4 flags=0', { call: 'mount' }),
      [['host-mount', 0.9]],
    ],
    [
      'Falco: unmounted propagation',
      new Recorded().act(5, 'mount', 'dev=none dir=/ type= flags=MS_REC|MS_PRIVATE', { call: 'mount' }),
      [],
    ],
    [
      'Falco: a namespace',
      new Recorded().act(5, 'setns', 'fd=5(<f>/proc/1/ns/mnt) nstype=131072(CLONE_NEWNS)', { call: 'setns' }),
      [['namespace-entry', 0.9]],
    ],
    ['Falco: being traced', new Recorded().act(5, 'ptrace', 'request=0(PTRACE_TRACEME) pid=0', { call: 'ptrace' }), []],
    [
      'Falco: a stranger held',
      new Recorded().act(5, 'ptrace', 'request=16(PTRACE_ATTACH) pid=77', { call: 'ptrace' }),
      [['ptrace', 0.85]],
    ],
    [
      'Falco: a user becomes root',
      new Recorded().run(5, '/opt/app', 'app', 4, 33).act(5, 'set-id', 'uid=0(root)', { call: 'setuid' }),
      [['became-root', 0.75]],
    ],
    [
      'Tetragon: a disk of the host',
      new Recorded().act(5, 'mount', '/mnt', {
        hook: 'sys_mount',
        'argument 0': '/dev/vda1',
        'argument 1': '/mnt',
        'argument 2': 'ext4',
        'argument 3': '0',
      }),
      [['host-mount', 0.9]],
    ],
    [
      'Tetragon: the host’s root bound',
      new Recorded().act(5, 'mount', '/mnt', {
        hook: 'sys_mount',
        'argument 0': '/',
        'argument 1': '/mnt',
        'argument 2': '',
        'argument 3': '4096',
      }),
      [['host-mount', 0.75]],
    ],
    [
      'Tetragon: somebody held, not told whom',
      new Recorded().act(5, 'ptrace', 'security_ptrace_access_check', { hook: 'security_ptrace_access_check' }),
      [['ptrace', 0.5]],
    ],
    [
      'Tetragon: a user becomes root',
      new Recorded()
        .run(5, '/opt/app', 'app', 4, 33)
        .act(5, 'set-id', '__x64_sys_setuid', { hook: '__x64_sys_setuid', 'argument 0': '0' }),
      [['became-root', 0.75]],
    ],
    [
      'Tetragon: a group',
      new Recorded()
        .run(5, '/opt/app', 'app', 4, 33)
        .act(5, 'set-id', '__x64_sys_setgid', { hook: '__x64_sys_setgid', 'argument 0': '0' }),
      [],
    ],
  ]
  test.each(acts)('%s', (_, recorded, expected) => expect(said(recorded)).toEqual(expected))
})

describe('sandboxes', () => {
  const MOUNTS = (recorded: Recorded, process: number) =>
    recorded
      .act(process, 'mount', '/', { source: '', type: '', flags: 'MS_REC|MS_SLAVE' })
      .act(process, 'mount', '/tmp', { source: 'tmpfs', type: 'tmpfs', flags: 'MS_NOSUID' })
      .act(process, 'mount', '/newroot/usr', { source: '/oldroot/usr', type: '', flags: 'MS_BIND|MS_REC' })

  test('who makes users and mounts of its own, moves its root and runs a program is silent', () => {
    const recorded = new Recorded().run(5, '/usr/bin/bwrap')
    recorded.act(5, 'clone-ns', 'x', { flags: 'CLONE_NEWNS|CLONE_NEWUSER|CLONE_NEWPID', child: '6' }, 6)
    MOUNTS(recorded, 6).act(6, 'pivot-root', '/tmp', { old: '/oldroot' }).run(6, '/usr/bin/ls')
    expect(said(recorded)).toEqual([])
  })

  test('without users of its own it is silent by the root that it moves', () => {
    const recorded = new Recorded().run(5, '/usr/bin/bwrap')
    recorded.act(5, 'clone-ns', 'x', { flags: 'CLONE_NEWNS', child: '6' }, 6)
    MOUNTS(recorded, 6).act(6, 'pivot-root', '/tmp', { old: '/oldroot' }).run(6, '/usr/bin/ls')
    expect(said(recorded)).toEqual([])
  })

  test('with the same mounts and no such root it is not', () => {
    const recorded = new Recorded()
      .run(5, '/usr/bin/python3')
      .act(5, 'unshare', 'CLONE_NEWNS', { flags: 'CLONE_NEWNS' })
    expect(said(MOUNTS(recorded, 5))).toEqual([
      ['namespace-mount', 0.55],
      ['namespace-mount', 0.55],
    ])
  })

  test('a disk of the host is no part of a sandbox', () => {
    const recorded = new Recorded().act(5, 'unshare', 'CLONE_NEWNS', { flags: 'CLONE_NEWNS' })
    recorded.act(5, 'mount', '/mnt', { source: '/dev/vda1', flags: '0' }).act(5, 'pivot-root', '/mnt')
    expect(said(recorded)).toEqual([['host-mount', 0.9]])
  })

  test('a process that becomes root of its own users and goes on itself is told, as a hint', () => {
    const recorded = new Recorded()
      .run(5, '/tmp/exploit')
      .act(5, 'unshare', 'CLONE_NEWUSER', { flags: 'CLONE_NEWUSER' })
    expect(said(recorded)).toEqual([['user-namespace', 0.35]])
  })

  test('what a container runtime does before the container’s own program is silent', () => {
    const recorded = new Recorded().kernel(
      5,
      { kind: 'kernel', action: 'setns', target: '', details: { flags: 'CLONE_NEWNS' }, result: 0 },
      4,
      { isSetup: true },
    )
    expect(said(recorded)).toEqual([])
  })
})

describe('chains', () => {
  const escape = () =>
    new Recorded()
      .run(5, '/usr/bin/python3')
      .connect(5, '198.51.100.7')
      .file(5, 'write', '/work/plan.py')
      .run(6, '/usr/bin/python3', 'python3 /work/plan.py')
      .file(6, 'read', '/var/run/secrets/kubernetes.io/serviceaccount/token')
      .act(6, 'setns', '', { flags: 'CLONE_NEWNS' })
      .connect(6, '203.0.113.9')

  const chain = (recorded: Recorded) =>
    kernelSignals(recorded.events).find(({ detector }) => detector === 'kernel/escape-chain')

  test('T4: code of its own, a token, a namespace and a new address are one chain with four events', () => {
    const found = chain(escape())
    expect(found).toMatchObject({ strength: 0.95, speaksFor: 'runtime-execution-escape', tier: 'kernel' })
    expect(found?.entries).toEqual([103, 104, 105, 106])
  })

  test('an agent that reads its token and speaks to its cluster is none', () => {
    const recorded = new Recorded().file(5, 'read', '/var/run/secrets/kubernetes.io/serviceaccount/token')
    expect(chain(recorded.connect(5, '10.96.0.1'))).toBeUndefined()
  })

  test('a script of its own that signs in somewhere is a hint, and no escape', () => {
    const recorded = new Recorded()
      .run(5, '/usr/bin/node')
      .file(5, 'write', '/work/report.py')
      .run(6, '/usr/bin/python3', 'python3 /work/report.py')
      .file(6, 'read', '/home/app/.aws/credentials')
      .connect(6, '198.51.100.7')
    expect(chain(recorded)).toMatchObject({ strength: 0.45 })
  })

  test('a capture of packets and a download are no chain', () => {
    const recorded = new Recorded().act(5, 'raw-socket', 'AF_PACKET').connect(5, '203.0.113.9')
    expect(chain(recorded)).toBeUndefined()
  })

  test('an address that it always used is not new', () => {
    const recorded = new Recorded().connect(5, '198.51.100.7').file(5, 'read', '/root/.aws/credentials')
    expect(chain(recorded.connect(5, '198.51.100.7'))).toBeUndefined()
  })

  test('acts of two trees make none', () => {
    const recorded = new Recorded().file(5, 'read', '/root/.aws/credentials').connect(50, '203.0.113.9')
    expect(chain(recorded)).toBeUndefined()
  })

  test('the order of arrival changes nothing (property)', () => {
    const { events } = escape()
    const plain = kernelSignals(events)
    fc.assert(
      fc.property(fc.shuffledSubarray(events, { minLength: events.length }), (some) => {
        expect(kernelSignals(some)).toEqual(plain)
        expect(kernelSignals([...some, ...some])).toEqual(plain)
      }),
    )
  })
})

test('a flood of one act is one signal that counts it, and hides no other', () => {
  const recorded = new Recorded()
  for (let i = 0; i < 5_000; i++) recorded.file(5, 'write', '/sys/fs/cgroup/memory/release_agent')
  recorded.act(6, 'setns', '', { flags: 'CLONE_NEWNS' })
  const signals: readonly Signal[] = kernelSignals(recorded.events)
  const [flood, entry] = signals
  expect(flood).toMatchObject({ id: 'kernel/kernel-handler.e000000' })
  expect(flood?.events).toHaveLength(MAX_PROOFS)
  expect(flood?.words).toContain('5000 events')
  expect(entry?.detector).toBe('kernel/namespace-entry')
})

test('captured text stands in quotes, cut, on one line', () => {
  const [signal] = kernelSignals(new Recorded().act(5, 'module', `a\n“b” ${'x'.repeat(500)}`).events)
  expect(signal?.words).toMatch(/^loaded kernel code “a {2}b {2}x+…”$/)
  expect(signal?.words.length).toBeLessThan(200)
})

test('never throws, whatever the records say (property)', () => {
  const word = fc.oneof(
    fc.string({ maxLength: 30 }),
    fc.constantFrom('/proc/1/root', 'pid 0', 'CLONE_NEWUSER', '/dev/sda'),
  )
  const action = fc.constantFrom(
    'setns',
    'unshare',
    'clone-ns',
    'mount',
    'ptrace',
    'chroot',
    'set-id',
    'module',
    'pivot-root',
  )
  const one = fc.record({
    process: fc.integer({ min: 1, max: 6 }),
    action,
    target: word,
    flags: word,
    result: fc.integer({ min: -40, max: 9 }),
  })
  fc.assert(
    fc.property(fc.array(one, { maxLength: 40 }), (acts) => {
      const recorded = new Recorded()
      for (const { process, action: name, target, flags, result } of acts)
        recorded.act(
          process,
          name as 'setns',
          target,
          { flags, child: target, source: target, type: flags, ids: '0' },
          result,
        )
      for (const { strength, events } of kernelSignals(recorded.events)) {
        expect(strength > 0 && strength <= 1).toBe(true)
        expect(events.length).toBeGreaterThan(0)
      }
    }),
  )
})

test('a shell is unexpected where the agent is known and never ran one', () => {
  const recorded = new Recorded().run(5, '/usr/bin/node').run(6, '/bin/sh', 'sh -c id').run(7, '/bin/bash')
  const found = (knowsProgram: (binary: string) => boolean) =>
    kernelSignals(recorded.events, () => ({ knowsProgram })).map(({ detector, entries }) => [detector, entries])
  expect(found((binary) => binary === '/usr/bin/node')).toEqual([['kernel/unexpected-shell', [101]]])
  expect(found(() => true)).toEqual([])
  expect(kernelSignals(recorded.events)).toEqual([])
})

test('the first write into a folder that another agent reads is a boundary passed, and work that goes on is none', () => {
  const recorded = new Recorded().file(5, 'write', '/mnt/models/adapter.bin').file(5, 'read', '/mnt/models/base.bin')
  const found = (knowsWrite: boolean, others: readonly string[]) =>
    kernelSignals(recorded.events, () => ({ knowsWrite: () => knowsWrite, othersAt: () => others }))
  expect(found(false, ['k8s:-/serving/api']).map(({ detector, strength }) => [detector, strength])).toEqual([
    ['kernel/shared-file', 0.6],
  ])
  expect(found(true, ['k8s:-/serving/api'])).toEqual([])
  expect(found(false, [])).toEqual([])
  expect(kernelSignals(recorded.events)).toEqual([])
})

test('where an agent goes all along is no new address of a chain', () => {
  const recorded = new Recorded()
    .file(5, 'read', '/var/run/secrets/kubernetes.io/serviceaccount/token')
    .connect(5, '203.0.113.9')
  const detectors = (isKnown: boolean) =>
    kernelSignals(recorded.events, () => ({ knowsDestination: () => isKnown })).map(({ detector }) => detector)
  expect(detectors(false)).toContain('kernel/escape-chain')
  expect(detectors(true)).toEqual(['kernel/secret-read'])
})

test('agents are judged apart', () => {
  const recorded = new Recorded().file(5, 'read', '/root/.aws/credentials').connect(5, '203.0.113.9')
  const [read, connect] = recorded.events as [Event, Event] // two were told
  const other = { ...connect, agent: { ...connect.agent, id: 'host:host/other' } } as Event
  expect(kernelSignals([read, other]).map(({ detector }) => detector)).toEqual(['kernel/secret-read'])
})
