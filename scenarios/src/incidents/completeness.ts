import { ask, type HoldfastAddress } from './holdfast.ts'

// The shape is that of the route (packages/api).
type Status = {
  readonly completeness: number
  readonly artifacts: readonly { readonly id: string; readonly state: string }[]
}

/** How far the six artifacts of some conversations are there; the least of them counts. */
export type Completeness = {
  readonly completeness: number
  readonly artifacts: Readonly<Record<string, string>>
}

/** From the worst to the best; what is not expected stands back behind whatever was. */
const ORDER = ['missing', 'partial', 'complete', 'not-expected']

/** Of all conversations of an incident together: an artifact is as complete as where it is least so. */
export async function completenessOf(
  holdfast: HoldfastAddress,
  conversations: readonly string[],
): Promise<Completeness> {
  const all = await Promise.all(
    conversations.map((name) => ask<Status>(holdfast, `/conversations/${encodeURIComponent(name)}/evidence`)),
  )
  const artifacts = new Map<string, string>()
  for (const { id, state } of all.flatMap((status) => status.artifacts)) {
    const known = artifacts.get(id)
    if (known === undefined || ORDER.indexOf(state) < ORDER.indexOf(known)) artifacts.set(id, state)
  }
  return {
    completeness: Math.min(1, ...all.map(({ completeness }) => completeness)),
    artifacts: Object.fromEntries([...artifacts].toSorted(([a], [b]) => (a < b ? -1 : 1))),
  }
}
