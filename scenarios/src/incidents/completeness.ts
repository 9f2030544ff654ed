import { ask, type HoldfastAddress } from './holdfast.ts'

// The shape is that of the route (packages/api).
type Status = {
  readonly completeness: number
  readonly artifacts: readonly { readonly id: string; readonly state: string }[]
}

/** How far the six artifacts of an incident are there, 0 to 1, and the state of each. */
export type Completeness = {
  readonly completeness: number
  readonly artifacts: Readonly<Record<string, string>>
}

/** Of all conversations of an incident together. */
export async function completenessOf(holdfast: HoldfastAddress, incident: string): Promise<Completeness> {
  const { completeness, artifacts } = await ask<Status>(holdfast, `/incidents/${incident}/evidence`)
  return { completeness, artifacts: Object.fromEntries(artifacts.map(({ id, state }) => [id, state])) }
}
