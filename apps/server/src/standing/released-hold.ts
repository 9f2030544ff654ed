import type { ResponsePlanWire } from '@holdfast/api'
import { CGROUP_GONE, type UnixNano } from '@holdfast/model'
import type { HarmGround } from '@holdfast/respond'
import type { Known } from '../containment/containments.ts'

type Over = HarmGround & { readonly at: UnixNano }

/** The newest hold that is over: when it ended, and who let it go or what ended it. Undefined where none is. */
export function releasedHold(plans: readonly ResponsePlanWire[], containments: readonly Known[]): Over | undefined {
  const over = [...containments.filter(isHold).flatMap((one) => ofContainment(one, plans)), ...plans.flatMap(ofPlan)]
  return over.reduce((last: Over | undefined, one) => (last === undefined || one.at > last.at ? one : last), undefined)
}

/**
 * When a host saw the last process of each of these agents go: the newest hold of each is over because its cgroup is. Undefined
 * where that is not on record of one of them, or one of them runs: started again since, or on another host all the while.
 */
export function workloadGone(
  actors: readonly string[],
  { containments, running }: { readonly containments: readonly Known[]; readonly running: readonly string[] },
): Over | undefined {
  if (actors.some((agent) => running.includes(agent))) return undefined
  const ends = actors.map((agent) => {
    const [newest] = containments
      .filter(isHold)
      .filter(({ record: { plan, state } }) => plan.agent === agent && state !== 'refused')
      .toSorted((a, b) => (a.since > b.since ? -1 : 1))
    return newest === undefined ? undefined : goneOf(newest)
  })
  const known = ends.filter((end) => end !== undefined)
  if (known.length === 0 || known.length < actors.length) return undefined
  return {
    at: known.reduce((last, { at }) => (at > last ? at : last), known[0]?.at ?? (0n as UnixNano)), // 0 is a time
    words: known.length === 1 ? 'its process ended' : `the processes of all ${known.length} agents ended`,
    basis: 'proven',
    entries: known.map(({ entry }) => entry),
  }
}

/** Watching holds nobody. */
function isHold({ record: { plan } }: Known): boolean {
  return plan.rung !== 'watch'
}

/** Of several cgroups each has to be gone: one that was let go by a hand may run on. */
function goneOf({ record: { plan, state, by, detail }, steps }: Known): Known['steps'][number] | undefined {
  const isOne = plan.paths.length === 1 || steps.every((step) => step.state !== 'failed' || says(step.detail))
  const isGone = state === 'released' && by === `sensor ${plan.sensor}` && detail === CGROUP_GONE
  return isGone && isOne ? steps.at(-1) : undefined
}

function says(detail: string): boolean {
  return detail.includes(CGROUP_GONE)
}

function ofContainment(one: Known, plans: readonly ResponsePlanWire[]): readonly Over[] {
  const { record, steps, isExpired, endsAt } = one
  const { plan, state, by, detail, response } = record
  const held = `${plan.rung} of ${plan.agentName}`
  const last = steps.at(-1)
  if (state === 'released' && last !== undefined) {
    const asked = response === undefined ? undefined : releaseAsked(plans.find(({ hash }) => hash === response.plan))
    // What a plan takes back, its own record says by whose word.
    const words = asked === undefined || by.startsWith('sensor ') ? `${by}: ${detail}` : `${asked.by}: ${asked.words}`
    return [{ at: last.at, words: `${held} was released by ${words}`, basis: 'proven', entries: [last.entry] }]
  }
  if (!isExpired || endsAt === undefined || state === 'refused') return []
  return [{ at: endsAt, words: `${held} ended by its time limit`, basis: 'inferred', entries: [] }]
}

function ofPlan(plan: ResponsePlanWire): readonly Over[] {
  const asked = plan.state === 'released' ? releaseAsked(plan) : undefined
  if (asked === undefined) return []
  const words = `the plan ${plan.hash.slice(0, 12)} was released by ${asked.by}: ${asked.words}`
  // Written from a UnixNano.
  return [{ at: BigInt(asked.at) as UnixNano, words, basis: 'proven', entries: [asked.entry] }]
}

function releaseAsked(plan: ResponsePlanWire | undefined): ResponsePlanWire['history'][number] | undefined {
  return plan?.history.findLast((event) => event.do === 'releasing')
}
