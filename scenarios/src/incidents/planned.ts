import { ask, type HoldfastAddress } from './holdfast.ts'

// The shape is that of the route (packages/api).
type Decision = {
  readonly rung: string
  readonly families: readonly string[]
  readonly deadlineMs?: number
  readonly row: { readonly number: number }
}

/** What the ladder asks for: nothing of it is done by that. */
export type Planned = {
  /** `R0` to `R5`. */
  readonly rung: string
  readonly families: readonly string[]
  /** From the creation of the graph; absent where there is none. */
  readonly deadlineSeconds?: number
  /** Row of the ladder that fired. */
  readonly row: number
  /** What people would tell the ladder, by the names of its questions: another answer may give another rung. */
  readonly told: Readonly<Record<string, string>>
}

/** In the order of the ladder. */
const RUNGS = ['watch', 'restrict', 'soft-quarantine', 'pause', 'stop', 'kill']

/** Which rung an incident asks for, told what only people know of the workload. */
export async function plannedFor(
  holdfast: HoldfastAddress,
  { incident, told }: { readonly incident: string; readonly told: Readonly<Record<string, string>> },
): Promise<Planned> {
  const query = new URLSearchParams(told).toString()
  const { rung, families, deadlineMs, row } = await ask<Decision>(holdfast, `/incidents/${incident}/plan?${query}`)
  return {
    rung: `R${RUNGS.indexOf(rung)}`,
    families,
    ...(deadlineMs === undefined ? {} : { deadlineSeconds: deadlineMs / 1_000 }),
    row: row.number,
    told,
  }
}
