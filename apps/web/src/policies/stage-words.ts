import type { AgentPoliciesWire } from '@holdfast/api'

/**
 * What stands under each stage: one that waits for the stage before it does not say again what that one waits for, since it stands
 * beside it.
 */
export function stageWords(steps: AgentPoliciesWire['steps']): readonly string[] {
  return steps.map(({ evidence, isReached }, i) => {
    const before = steps[i - 1]?.evidence
    if (isReached || before === undefined || before === '' || !evidence.endsWith(`: ${before}`)) return evidence
    return evidence.slice(0, -before.length - 2)
  })
}
