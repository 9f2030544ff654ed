import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isSyscallName } from '@holdfast/model'
import { Ajv } from 'ajv'
import { expect, test } from 'vitest'
import type { GeneratorFacts } from '../generator.ts'
import { eventOfBody, profileFact } from '../testing/events.ts'
import { factsFixture } from '../testing/facts.ts'
import { madeBy } from '../testing/made.ts'
import { FAMILIES, NEVER_LEGITIMATE, RUNTIME_NEEDS } from './families.ts'
import type { SeccompEnvelope } from './grammar.ts'
import { podSecurityPatch, seccompProfileOf } from './kubernetes.ts'
import { seccompGenerator as generator } from './seccomp.ts'

const SCHEMA = join(import.meta.dirname, '../../../../../shared/schemas/oci-runtime/schema')

const SEEN = ['read', 'openat', 'fstat', 'epoll_wait', 'sendto', 'clone3', 'mmap', 'unshare', 'execve']
const facts = (calls: readonly string[] = SEEN, changed: Partial<GeneratorFacts> = {}) =>
  factsFixture({ entries: calls.map((call, at) => profileFact('syscall', call, at + 1)), ...changed })

const made = (given: GeneratorFacts = facts()) => madeBy(generator, given)

const envelope = (artifact = made()) => artifact.document as SeccompEnvelope
const judged = (calls: readonly string[], artifact = made()) =>
  generator.judge(artifact)(eventOfBody({ kind: 'syscall-set', calls }))

test.skipIf(!existsSync(SCHEMA))(
  'the envelope is valid against the schema of the OCI runtime specification (skipped without it)',
  () => {
    const ajv = new Ajv({ strict: false })
    for (const name of readdirSync(SCHEMA).filter((file) => file.endsWith('.json'))) {
      // Written for draft 4; what differs in later drafts is not used in it.
      const { $schema: _, ...schema } = JSON.parse(readFileSync(join(SCHEMA, name), 'utf8')) as { $schema?: string }
      ajv.addSchema({ ...schema, $id: `https://oci.invalid/${name}` })
    }
    const isValid = ajv.compile({ $ref: 'https://oci.invalid/config-schema.json' })
    const config = (seccomp: unknown) => ({ ociVersion: '1.2.0', root: { path: 'rootfs' }, linux: { seccomp } })
    expect(isValid(config(envelope())) || isValid.errors).toBe(true)
    expect(isValid(config({ ...envelope(), defaultAction: 'SCMP_ACT_DENY' }))).toBe(false)
  },
)

test('ENF-3 after an update a call of an admitted family passes, and namespaces, mounts, bpf and ptrace stay denied', () => {
  expect(judged(['read', 'pread64', 'preadv2', 'openat2', 'statx', 'epoll_pwait2', 'sendmmsg', 'futex'])).toMatchObject(
    { status: 'allowed' },
  )
  for (const call of ['setns', 'mount', 'unshare', 'bpf', 'ptrace'])
    expect(judged(['read', call])).toMatchObject({
      status: 'denied',
      pointer: expect.stringMatching(/^\/syscalls\/1\/names\/\d+$/),
      what: call,
    })
  expect(judged(['socket'])).toEqual({ status: 'denied', pointer: '/defaultAction', what: 'socket' })
})

test('without closure only what was seen and what a runtime needs is let through', () => {
  const closure = { value: 'none', chosenBy: 'ada', reason: 'a fixed binary' }
  const artifact = made(facts(SEEN, { decisions: { closure } }))
  expect(judged(['preadv2'], artifact)).toMatchObject({ status: 'denied' })
  expect(judged(['sendto', 'clone3', 'clone'], artifact)).toMatchObject({ status: 'allowed' })
})

test('what is never legitimate is denied by name although it was seen, and the artifact says so', () => {
  const { lines, blindSpots } = made()
  const line = lines.find(({ what }) => what === 'unshare')
  expect(line).toMatchObject({ effect: 'deny', because: 'never-legitimate', grounds: [] })
  expect(line?.reason).toContain('it was seen 420 times, and is refused all the same')
  expect(blindSpots.join('\n')).toContain('unshare was seen and is refused')
})

test('processes start by clone without flags for namespaces, and clone3 is answered as unknown', () => {
  const rules = envelope().syscalls
  expect(rules.find(({ names }) => names.includes('clone3'))).toMatchObject({ action: 'SCMP_ACT_ERRNO', errnoRet: 38 })
  expect(rules.filter(({ names }) => names.includes('clone'))).toEqual([
    {
      names: ['clone'],
      action: 'SCMP_ACT_ALLOW',
      args: [{ index: 0, value: 2_114_060_288, valueTwo: 0, op: 'SCMP_CMP_MASKED_EQ' }],
    },
  ])
  expect(judged(['clone3'])).toMatchObject({ status: 'allowed' })
})

test('only the 64-bit architectures are named, so that 32-bit and x32 calls end the process', () => {
  expect(envelope().architectures).toEqual(['SCMP_ARCH_X86_64', 'SCMP_ARCH_AARCH64'])
})

test('a line says of each call why it stands there, and its pointer names the call', () => {
  const { lines } = made()
  const reasons = new Map(
    lines.map(({ what, because, grounds }) => [what, [because, ...grounds.map(({ key }) => key)]]),
  )
  expect(reasons.get('epoll_wait')).toEqual(['observed', 'epoll_wait'])
  expect(reasons.get('preadv2')).toEqual(['closure', 'read'])
  expect(reasons.get('vfork')).toEqual(['closure', 'clone3'])
  expect(reasons.get('clone')).toEqual(['runtime'])
  expect(reasons.get('setgroups')).toEqual(['runtime'])
  for (const { pointer, what } of lines.filter(({ pointer: at }) => at.includes('/names/'))) {
    const [, , rule = '', , name = ''] = pointer.split('/')
    expect(envelope().syscalls[Number(rule)]?.names[Number(name)]).toBe(what)
  }
})

test.each([
  [{ kind: 'kernel', action: 'setns', target: '/proc/1/ns/mnt', details: {}, result: 0 }, 'denied'],
  [{ kind: 'kernel', action: 'clone-ns', target: '', details: {}, result: 0 }, 'denied'],
  [{ kind: 'kernel', action: 'foreign-arch', target: 'x32', details: {}, result: 0 }, 'denied'],
  [{ kind: 'kernel', action: 'seccomp-refused', target: 'mount', details: {}, result: -1 }, 'denied'],
  [{ kind: 'kernel', action: 'capability', target: 'CAP_SYS_ADMIN', details: {}, result: 0 }, 'outside'],
  [
    { kind: 'file', action: 'read', path: '/etc/passwd', flags: 0, isSensitive: true, isForeign: false, result: 3 },
    'outside',
  ],
] as const)('a kernel record %j is %s', (body, status) => {
  expect(generator.judge(made())(eventOfBody(body)).status).toBe(status)
  expect(generator.judge(made())(eventOfBody(body, { isSetup: true })).status).toBe('outside')
})

test('a name that no system call has, and an agent whose calls were never seen, make no envelope', () => {
  expect(made(facts(['read', '#470'])).blindSpots.join('\n')).toContain('#470')
  expect(generator.generate(facts([]))).toMatchObject({ status: 'refused', code: 'nothing-observed' })
})

test('the tables name calls that exist, each in one family, and none that is never legitimate', () => {
  const members = FAMILIES.flatMap(({ calls }) => calls)
  const never = NEVER_LEGITIMATE.flatMap(({ calls }) => calls)
  expect(
    [...members, ...never, ...RUNTIME_NEEDS.flatMap(({ calls }) => calls)].filter((call) => !isSyscallName(call)),
  ).toEqual([])
  expect(members.filter((call, at) => members.indexOf(call) !== at)).toEqual([])
  expect(members.filter((call) => never.includes(call))).toEqual([])
  for (const call of 'setns unshare mount pivot_root ptrace bpf init_module kexec_load open_by_handle_at keyctl'.split(
    ' ',
  ))
    expect(never).toContain(call)
})

test('a resource of the operator carries the envelope, with errors as texts, and the patch points at it', () => {
  const artifact = made()
  const resource = seccompProfileOf(artifact, 'ticket-agent')
  expect(resource).toMatchObject({
    metadata: { name: 'holdfast-ticket-agent', annotations: { 'holdfast.dev/profile': artifact.profile.digest } },
    spec: { defaultAction: 'SCMP_ACT_ERRNO' },
  })
  expect(resource.spec.syscalls.map(({ errnoRet }) => errnoRet)).toEqual([undefined, '1', '38', undefined])
  expect(JSON.stringify(podSecurityPatch('ticket-agent'))).toContain(
    '"localhostProfile":"operator/holdfast-ticket-agent.json"',
  )
})
