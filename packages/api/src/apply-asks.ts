import type { ResponsePlanWire } from './response-routes.ts'

/** What who applies a plan has to say with it. */
type ApplyAsks = {
  /** Why words are asked for; undefined where none are. */
  readonly reason: string | undefined
  /** What has to be given as `name`: every Deployment that the plan ends; undefined where it ends none. */
  readonly name: string | undefined
}

/** What has no way back, and what others may hang on, is applied with words for the record; what ends a workload with its name too. */
export function applyAsks({ steps }: Pick<ResponsePlanWire, 'steps'>): ApplyAsks {
  const killed = steps.filter(({ deed }) => deed.kind === 'rung' && deed.rung === 'kill')
  const names = [...new Set(killed.map(({ agent }) => deploymentName(agent)))]
  if (names.length > 0) return { reason: 'it ends a workload for good', name: names.join(', ') }
  return { reason: whyWords(steps), name: undefined }
}

function whyWords(steps: ResponsePlanWire['steps']): string | undefined {
  if (steps.some(({ deed }) => deed.kind === 'cut' && deed.cut === 'freeze-credential'))
    return 'it freezes a credential that others may use too'
  return steps.some(({ isReversible }) => !isReversible) ? 'it cannot be undone' : undefined
}

/** The last part of an agent's id: what people call the Deployment. */
function deploymentName(agent: string): string {
  return agent.split('/').at(-1) ?? agent
}
