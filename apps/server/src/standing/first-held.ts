import type { ResponsePlanWire } from '@holdfast/api'
import type { UnixNano } from '@holdfast/model'
import { type Hold, rungHeight } from '@holdfast/respond'
import type { Known } from '../containment/containments.ts'

type Found = Pick<Hold, 'agent' | 'rung' | 'since'>

/**
 * When the last of these agents was first found held from all reach by a probe; undefined while one of them never was. A release,
 * a later leak and a way that is left open change nothing of it: a deadline was met or missed once.
 */
export function firstHeld(
  actors: readonly string[],
  plans: readonly ResponsePlanWire[],
  containments: readonly Known[],
): UnixNano | undefined {
  const found = [...foundInPlans(plans), ...foundOutside(containments)].filter(
    ({ rung }) => rungHeight(rung) >= rungHeight('soft-quarantine'),
  )
  const firsts = actors.map((agent) => sorted(found.filter((one) => one.agent === agent).map(({ since }) => since))[0])
  const known = firsts.filter((at) => at !== undefined)
  return known.length < actors.length ? undefined : sorted(known).at(-1)
}

function foundInPlans(plans: readonly ResponsePlanWire[]): readonly Found[] {
  return plans.flatMap(({ steps }) =>
    steps.flatMap(({ deed, agent, heldAt }) =>
      // Written from a UnixNano.
      deed.kind === 'rung' && heldAt !== undefined
        ? [{ agent, rung: deed.rung, since: BigInt(heldAt) as UnixNano }]
        : [],
    ),
  )
}

function foundOutside(containments: readonly Known[]): readonly Found[] {
  return containments.flatMap(({ record: { plan }, steps }) =>
    steps.flatMap(({ state, at }) =>
      state === 'confirmed' ? [{ agent: plan.agent, rung: plan.rung, since: at }] : [],
    ),
  )
}

function sorted(times: readonly UnixNano[]): readonly UnixNano[] {
  return times.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0))
}
