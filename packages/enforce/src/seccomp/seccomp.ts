import { counted, isSyscallName, type ArtifactLine } from '@holdfast/model'
import { groundOf, makeArtifact } from '../artifact.ts'
import { admittedFacts, decisionsFor } from '../decisions.ts'
import { refusalOf } from '../eligible.ts'
import type { Generation, Generator, GeneratorFacts, ProfileFact } from '../generator.ts'
import { FAMILIES, NEVER_LEGITIMATE, RUNTIME_NEEDS } from './families.ts'
import { CLONE_NAMESPACES, ENOSYS, EPERM, type SeccompEnvelope } from './grammar.ts'
import { judgeEnvelope } from './judge.ts'

/** The seccomp envelope of an agent's programs: what was seen, its families, what a runtime needs; the rest is refused. */
export const seccompGenerator: Generator = { kind: 'seccomp', generate, judge: judgeEnvelope }

type Line = Omit<ArtifactLine, 'pointer'>

function generate(facts: GeneratorFacts): Generation {
  const refusal = refusalOf(facts, 'seccomp')
  if (refusal !== undefined) return refusal
  const decisions = decisionsFor('seccomp', facts)
  const seen = admittedFacts(facts, decisions).filter(({ dimension }) => dimension === 'syscall')
  const observed = new Map(seen.filter(({ key }) => isSyscallName(key)).map((fact) => [fact.key, fact]))
  if (observed.size === 0)
    return {
      status: 'refused',
      code: 'nothing-observed',
      reason: 'no system calls of it were seen often enough: an envelope of none would let it do nothing',
      missing: ['system calls, as a kernel sensor sees them'],
    }
  const allowed = allowedLines(observed, decisions.closure.value === 'family')
  // Threads start by it, and whether they make namespaces its flags say: a rule of its own.
  const plain = [...allowed.keys()].filter((call) => call !== 'clone').toSorted()
  const never = NEVER_LEGITIMATE.flatMap(({ why, calls }) => calls.map((call) => [call, why] as const))
  const document: SeccompEnvelope = {
    defaultAction: 'SCMP_ACT_ERRNO',
    defaultErrnoRet: EPERM,
    architectures: ['SCMP_ARCH_X86_64', 'SCMP_ARCH_AARCH64'],
    syscalls: [
      { names: plain, action: 'SCMP_ACT_ALLOW' },
      { names: never.map(([call]) => call), action: 'SCMP_ACT_ERRNO', errnoRet: EPERM },
      // Its flags lie behind a pointer, where no filter looks: libraries that hear that it is not there take clone.
      { names: ['clone3'], action: 'SCMP_ACT_ERRNO', errnoRet: ENOSYS },
      {
        names: ['clone'],
        action: 'SCMP_ACT_ALLOW',
        args: [{ index: 0, value: CLONE_NAMESPACES, valueTwo: 0, op: 'SCMP_CMP_MASKED_EQ' }],
      },
    ],
  }
  const lines: readonly ArtifactLine[] = [
    ...FIXED_LINES,
    ...plain.map((call, at) => ({ pointer: `/syscalls/0/names/${at}`, ...known(allowed.get(call)) })),
    ...never.map(([call, why], at) => ({ pointer: `/syscalls/1/names/${at}`, ...neverLine(call, why, observed) })),
    { pointer: '/syscalls/3/names/0', ...known(allowed.get('clone')) },
  ]
  return {
    status: 'made',
    artifact: makeArtifact('seccomp', facts, {
      document,
      lines,
      blindSpots: blindSpots(seen, observed, decisions.closure.value),
      effective: {
        narrows: true,
        reason: 'filters only take away: whatever profile is on as well, what this one refuses stays refused',
        against: [],
      },
    }),
  }
}

const FIXED_LINES: readonly ArtifactLine[] = [
  {
    pointer: '/defaultAction',
    effect: 'deny',
    what: 'every other system call',
    because: 'default',
    reason: 'neither it nor one of its family was seen',
    grounds: [],
  },
  {
    pointer: '/architectures',
    effect: 'deny',
    what: '32-bit and x32 calls',
    because: 'never-legitimate',
    reason: 'they have other numbers, and so would pass a filter that knows one architecture alone',
    grounds: [],
  },
  {
    pointer: '/syscalls/2',
    effect: 'deny',
    what: 'clone3',
    because: 'never-legitimate',
    reason: 'whether it makes namespaces cannot be seen; it is answered as unknown, and libraries take clone',
    grounds: [],
  },
]

/** In this order: what was seen, what a runtime needs, what belongs to a family of what was seen. */
function allowedLines(observed: ReadonlyMap<string, ProfileFact>, byFamily: boolean): ReadonlyMap<string, Line> {
  const lines = new Map<string, Line>()
  const denied = new Set([...NEVER_LEGITIMATE.flatMap(({ calls }) => calls), 'clone3'])
  const put = (call: string, line: Line): void => {
    if (!lines.has(call) && !denied.has(call) && isSyscallName(call)) lines.set(call, line)
  }
  for (const { runtime, calls } of RUNTIME_NEEDS)
    for (const call of calls)
      put(call, {
        effect: 'allow',
        what: call,
        because: 'runtime',
        reason:
          runtime === 'the kernel'
            ? 'the kernel itself makes it'
            : `${runtime} calls it after the filter is on and before the program runs`,
        grounds: [],
      })
  for (const [call, fact] of observed)
    put(call, {
      effect: 'allow',
      what: call,
      because: 'observed',
      reason: `seen ${counted(fact.count, 'time')} on ${counted(fact.daysSeen, 'day')}, last on ${fact.last.slice(0, 10)}`,
      grounds: [groundOf(fact)],
    })
  for (const { name, calls } of byFamily ? FAMILIES : []) {
    const members = calls.flatMap((call) => observed.get(call) ?? [])
    if (members.length === 0) continue
    for (const call of calls)
      put(call, {
        effect: 'allow',
        what: call,
        because: 'closure',
        reason: `of the family "${name}", of which ${members.map(({ key }) => key).join(', ')} was seen`,
        grounds: members.map(groundOf),
      })
  }
  return lines
}

function neverLine(call: string, why: string, observed: ReadonlyMap<string, ProfileFact>): Line {
  const seen = observed.get(call)
  const more = seen === undefined ? '' : `; it was seen ${counted(seen.count, 'time')}, and is refused all the same`
  return { effect: 'deny', what: call, because: 'never-legitimate', reason: `it ${why}${more}`, grounds: [] }
}

function blindSpots(
  seen: readonly ProfileFact[],
  observed: ReadonlyMap<string, ProfileFact>,
  closure: string,
): readonly string[] {
  const unnamed = seen.filter(({ key }) => !observed.has(key)).map(({ key }) => key)
  const refused = NEVER_LEGITIMATE.flatMap(({ calls }) => calls).filter((call) => observed.has(call))
  return [
    'a filter sees a call and its numbers and not what they point at: which file is opened and to whom data is sent it cannot say',
    'an allowed call can carry wrong data: what is written and sent is not looked at',
    'a filter is put on when a program starts; one that runs already goes on without it',
    ...(observed.has('io_uring_enter')
      ? ['io_uring was seen and is let through: what it carries passes no filter']
      : []),
    ...(closure === 'family' ? ['unseen members of a family of what was seen are let through'] : []),
    ...(refused.length === 0
      ? []
      : [`${refused.join(', ')} was seen and is refused: look at a simulation before enforcing`]),
    ...(unnamed.length === 0 ? [] : [`calls without a name are left out: ${unnamed.join(', ')}`]),
  ]
}

function known(line: Line | undefined): Line {
  if (line === undefined) throw new Error('a call that is let through has a line')
  return line
}
