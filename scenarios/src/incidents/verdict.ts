import { setTimeout as wait } from 'node:timers/promises'
import { completenessOf } from './completeness.ts'
import { type Came, differencesOf } from './differences.ts'
import type { Expected } from './expected.ts'
import type { HoldfastAddress } from './holdfast.ts'
import { judgedIncidents, type JudgedIncident, ownIncidents } from './judged.ts'
import { JUDGED_WITHIN_MS, LOOK_MS, SURE_WITHIN_MS } from './limits.ts'
import { plannedFor } from './planned.ts'
import type { Cast } from './scenario.ts'

/** What came of a run, and where it differs from what was expected. */
export type Verdict = Came & {
  /** What the others are about; none where there is no incident. */
  readonly incident: JudgedIncident | undefined
  readonly differences: readonly string[]
}

export type VerdictOrder = {
  readonly holdfast: HoldfastAddress
  readonly cast: Cast
  readonly expected: Expected
  readonly signal: AbortSignal | undefined
}

/** The verdict once everything that was recorded is folded and judged. */
export async function verdictAtRest(order: VerdictOrder): Promise<Verdict> {
  return await verdictOn(order, await judgedIncidents(order.holdfast, order.cast, order.signal))
}

/**
 * The verdict on a run whose agents stay and go on being seen, so that there is no moment at which nothing waits: as soon as it is as
 * expected, since records of one deed come and are judged one after the other. What still differs {@link SURE_WITHIN_MS} after the
 * incident was named differs. Rejects where none is named within {@link JUDGED_WITHIN_MS}.
 */
export async function verdictSoFar(order: VerdictOrder): Promise<Verdict> {
  const { holdfast, cast, expected, signal } = order
  const until = Date.now() + JUDGED_WITHIN_MS
  let firstNamed: number | undefined
  for (;;) {
    const { incidents } = await ownIncidents(holdfast, cast)
    if (incidents.some(({ outcome, type }) => outcome === 'incident' && type === expected.type)) {
      firstNamed ??= Date.now()
      const verdict = await verdictOn(order, incidents)
      if (verdict.differences.length === 0 || Date.now() > firstNamed + SURE_WITHIN_MS) return verdict
    }
    if (Date.now() > until)
      throw new Error(`after ${JUDGED_WITHIN_MS} ms there is no ${expected.type ?? 'incident'} of the run`)
    await wait(LOOK_MS, undefined, { signal })
  }
}

async function verdictOn({ holdfast, expected }: VerdictOrder, incidents: readonly JudgedIncident[]): Promise<Verdict> {
  const [incident] = incidents.filter(({ outcome }) => outcome === 'incident')
  const evidence = incident === undefined ? undefined : await completenessOf(holdfast, incident.id)
  const told = expected.told ?? {}
  const plan = incident === undefined ? undefined : await plannedFor(holdfast, { incident: incident.id, told })
  const differences = differencesOf(expected, { incidents, evidence, plan })
  return { incident, incidents, evidence, plan, differences }
}
