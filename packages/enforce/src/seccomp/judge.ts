import { counted, type Event, type KernelAction, type PolicyArtifact, type PolicyJudgement } from '@holdfast/model'
import { NAMED_MOST } from '../limits.ts'
import type { SeccompEnvelope } from './grammar.ts'

type CallEffect = { readonly isAllowed: boolean; readonly pointer: string }

/**
 * What the envelope would do to the calls that a record tells of. A record of many calls is denied where one of them is, by the line
 * of the first. What only the runtime did before the program ran is outside, and so is what tells of no call.
 */
export function judgeEnvelope({ document }: PolicyArtifact): (event: Event) => PolicyJudgement {
  const effects = effectsOf(document as SeccompEnvelope) // our own document
  const other: CallEffect = { isAllowed: false, pointer: '/defaultAction' }
  const ofCalls = (calls: readonly string[], what: string): PolicyJudgement => {
    const denied = calls.filter((call) => !(effects.get(call) ?? other).isAllowed)
    const [first] = denied
    if (first === undefined)
      return { status: 'allowed', pointer: effects.get(calls[0] ?? '')?.pointer ?? '/syscalls/0', what }
    const more = denied.length > NAMED_MOST ? ` and ${denied.length - NAMED_MOST} more` : ''
    const named = calls.length === 1 ? what : `${denied.slice(0, NAMED_MOST).join(', ')}${more}`
    return { status: 'denied', pointer: (effects.get(first) ?? other).pointer, what: named }
  }
  return ({ body, context }) => {
    if (context.isSetup === true) return { status: 'outside' }
    if (body.kind === 'syscall-set') {
      const [only = ''] = body.calls
      return ofCalls(body.calls, body.calls.length === 1 ? only : counted(body.calls.length, 'call'))
    }
    if (body.kind !== 'kernel') return { status: 'outside' }
    if (body.action === 'foreign-arch') return { status: 'denied', pointer: '/architectures', what: body.target }
    if (body.action === 'clone-ns')
      return { status: 'denied', pointer: '/defaultAction', what: `clone ${body.target}`.trim() }
    if (body.action === 'seccomp-refused') return ofCalls([body.target], body.target)
    const call = CALL_OF[body.action]
    return call === undefined ? { status: 'outside' } : ofCalls([call], `${call} ${body.target}`.trim())
  }
}

/** Kernel records that tell of one call. Of the others several calls can be behind them, or none. */
const CALL_OF: Readonly<Partial<Record<KernelAction, string>>> = {
  setns: 'setns',
  unshare: 'unshare',
  mount: 'mount',
  'pivot-root': 'pivot_root',
  chroot: 'chroot',
  ptrace: 'ptrace',
  'process-vm': 'process_vm_readv',
  bpf: 'bpf',
  module: 'init_module',
  keyctl: 'keyctl',
  memfd: 'memfd_create',
  'io-uring': 'io_uring_enter',
}

function effectsOf({ syscalls }: SeccompEnvelope): ReadonlyMap<string, CallEffect> {
  const effects = new Map<string, CallEffect>()
  for (const [rule, { names, action }] of syscalls.entries())
    for (const [at, name] of names.entries())
      effects.set(name, { isAllowed: action === 'SCMP_ACT_ALLOW', pointer: `/syscalls/${rule}/names/${at}` })
  // Answered as unknown, it is followed by clone: the work that began with it goes on.
  const clone = effects.get('clone')
  if (clone !== undefined) effects.set('clone3', clone)
  return effects
}
