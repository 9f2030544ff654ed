import { setTimeout as wait } from 'node:timers/promises'
import { AnswerError, ask, type HoldfastAddress } from './holdfast.ts'
import { JUDGED_WITHIN_MS, LOOK_MS } from './limits.ts'
import type { Cast } from './scenario.ts'

// The shapes are those of the routes (packages/api), as far as scenarios read them.
type Integrity = { readonly projection: { readonly lag: number } }
type Row = { readonly id: string; readonly agents: readonly string[]; readonly conversations: readonly string[] }
type List = { readonly items: readonly Row[]; readonly waiting: number; readonly failed: number }

/** What a scenario reads of an incident; the rest is passed on as it came. */
export type JudgedIncident = Row & {
  /** Ids of before something joined it. */
  readonly alsoKnownAs: readonly string[]
  readonly outcome: 'incident' | 'attempt'
  readonly type: string
  readonly contributing: readonly string[]
  readonly confidence: number
  readonly headline: string
  readonly chain: { readonly template?: string }
  readonly surfaces: Readonly<Record<'S1' | 'S2' | 'S3' | 'S4', string>>
  readonly triage: string
  /** What holds an agent of it now. */
  readonly rung: { readonly rung: string | null; readonly reason: string }
  readonly repeats: number
  readonly columns: readonly {
    readonly type: string
    readonly role: string
    readonly for: readonly { readonly words: string; readonly signal?: string; readonly entries: readonly number[] }[]
  }[]
}

/**
 * Incidents of one run, attempts included, once everything that was recorded is folded and judged: all that name an agent, a
 * conversation, a session or a principal of it. Rejects where that takes longer than {@link JUDGED_WITHIN_MS}.
 */
export async function judgedIncidents(
  holdfast: HoldfastAddress,
  cast: Cast,
  signal?: AbortSignal,
): Promise<readonly JudgedIncident[]> {
  const until = Date.now() + JUDGED_WITHIN_MS
  for (;;) {
    const { projection } = await ask<Integrity>(holdfast, '/integrity')
    const { incidents, waiting } = await ownIncidents(holdfast, cast)
    if (projection.lag === 0 && waiting === 0) return incidents
    if (Date.now() > until)
      throw new Error(`after ${JUDGED_WITHIN_MS} ms ${projection.lag} entries and ${waiting} cases still wait`)
    await wait(LOOK_MS, undefined, { signal })
  }
}

/** Incidents of one run as they are now, attempts included, and how many cases of any run wait to be judged. */
export async function ownIncidents(
  holdfast: HoldfastAddress,
  cast: Cast,
): Promise<{ readonly incidents: readonly JudgedIncident[]; readonly waiting: number }> {
  const { items, waiting } = await ask<List>(holdfast, '/incidents?outcome=all&limit=500')
  const own = items.filter((row) => isOf(cast, row))
  const found = await Promise.all(own.map(({ id }) => incidentIfThere(holdfast, id)))
  const incidents = found.filter((one) => one !== undefined)
  // One that was judged anew since the list was made has another name, or is none: that is to be looked at again.
  return { incidents, waiting: waiting + (found.length - incidents.length) }
}

async function incidentIfThere(holdfast: HoldfastAddress, id: string): Promise<JudgedIncident | undefined> {
  try {
    return await ask<JudgedIncident>(holdfast, `/incidents/${id}`)
  } catch (fault) {
    if (fault instanceof AnswerError && fault.status === 404) return undefined
    throw fault
  }
}

/** An authority knows no cluster: what it recorded is told by the run's account, and by the names that end with the run. */
function isOf({ cluster, account, run }: Cast, { agents, conversations }: Row): boolean {
  return [...agents, ...conversations].some((name) =>
    [`${cluster}/`, account, `-${run}`].some((own) => name.includes(own)),
  )
}
