import type { PolicyMode } from '@holdfast/model'
import type { SeccompAction, SeccompProfile, SeccompRule } from '../seccomp/profile.ts'

const EPERM = 1
/** What is answered as unknown is no refusal: a library that hears it takes another call, which the envelope judges. */
export const ENOSYS = 38

/**
 * The envelope as a mode has it: while monitoring, what it would refuse is let through and told; while enforcing, what it has
 * logged is refused. What it answers as unknown is known while monitoring.
 */
export function inMode(profile: SeccompProfile, mode: PolicyMode): SeccompProfile {
  const { defaultAction, defaultErrnoRet, syscalls, ...rest } = profile
  return {
    ...rest,
    defaultAction: actionIn(defaultAction, mode),
    ...errnoOf('defaultErrnoRet', actionIn(defaultAction, mode), defaultErrnoRet),
    syscalls: syscalls.map((rule) => ruleIn(rule, mode)),
  }
}

function ruleIn({ action, errnoRet, ...rule }: SeccompRule, mode: PolicyMode): SeccompRule {
  if (mode === 'monitor' && action === 'SCMP_ACT_ERRNO' && errnoRet === ENOSYS)
    return { ...rule, action: 'SCMP_ACT_ALLOW' }
  const now = actionIn(action, mode)
  return { ...rule, action: now, ...errnoOf('errnoRet', now, errnoRet) }
}

function actionIn(action: SeccompAction, mode: PolicyMode): SeccompAction {
  if (action === 'SCMP_ACT_ALLOW') return action
  if (mode === 'monitor') return 'SCMP_ACT_LOG'
  return action === 'SCMP_ACT_LOG' ? 'SCMP_ACT_ERRNO' : action
}

/** Only an action that answers with an error has one. */
function errnoOf<N extends string>(
  name: N,
  action: SeccompAction,
  errno: number | undefined,
): { readonly [K in N]?: number } {
  return action === 'SCMP_ACT_ERRNO' ? ({ [name]: errno ?? EPERM } as { readonly [K in N]?: number }) : {}
}
