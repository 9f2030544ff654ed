import { syscallName } from '@holdfast/model'
import type { SeccompAction, SeccompProfile } from './profile.ts'

/** What a profile does to every call of a name; `depends` where its arguments decide. */
export type Effect =
  | { readonly kind: 'allow' | 'log' | 'kill' | 'trap' | 'trace' | 'depends' }
  | { readonly kind: 'errno'; readonly errno: number }

const EPERM = 1

/** What the profile does to a call of the machine's own architecture. */
export function effectOf(profile: SeccompProfile, name: string): Effect {
  const rules = profile.syscalls.filter(({ names }) => names.includes(name))
  if (rules.length === 0) return effect(profile.defaultAction, profile.defaultErrnoRet)
  const effects = rules.map(({ action, errnoRet }) => effect(action, errnoRet))
  const [first] = effects
  const isOne = effects.every((one) => JSON.stringify(one) === JSON.stringify(first))
  const isAlways = rules.some(({ args = [] }) => args.length === 0)
  return first !== undefined && isOne && isAlways ? first : { kind: 'depends' }
}

/** Numbers of the calls that are always let through and logged, those without a name included. */
export function loggedCalls(profile: SeccompProfile, machine: 'x86_64' | 'aarch64'): readonly number[] {
  return [...Array(CALLS).keys()].filter((number) => effectOf(profile, syscallName(number, machine)).kind === 'log')
}

/** Names whose logging depends on arguments: which of those calls are logged is not told. */
export function partlyLogged(profile: SeccompProfile): readonly string[] {
  const named = new Set(
    profile.syscalls.filter(({ action }) => action === 'SCMP_ACT_LOG').flatMap(({ names }) => names),
  )
  return [...named].filter((name) => effectOf(profile, name).kind === 'depends').toSorted()
}

/** As many as the sensor's set of system calls holds. */
const CALLS = 512

function effect(action: SeccompAction, errno: number | undefined): Effect {
  switch (action) {
    case 'SCMP_ACT_KILL':
    case 'SCMP_ACT_KILL_THREAD':
    case 'SCMP_ACT_KILL_PROCESS':
      return { kind: 'kill' }
    case 'SCMP_ACT_TRAP':
      return { kind: 'trap' }
    case 'SCMP_ACT_ERRNO':
      return { kind: 'errno', errno: errno ?? EPERM }
    case 'SCMP_ACT_TRACE':
      return { kind: 'trace' }
    case 'SCMP_ACT_ALLOW':
      return { kind: 'allow' }
    case 'SCMP_ACT_LOG':
      return { kind: 'log' }
  }
}
