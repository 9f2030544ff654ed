import type { Answer } from '@holdfast/api'
import type { GeneratorFacts } from '@holdfast/enforce'
import type { InventoryQueries } from '../inventory/inventory-queries.ts'

/**
 * Tools that an agent's servers offer, with the digests of their definitions, as the inventory has them. Of one that was changed
 * since a person approved it the approved definition counts, so that deriving a list anew admits no change by itself.
 */
export function toolFacts(inventory: Pick<InventoryQueries, 'answer'>, agent: string): GeneratorFacts['tools'] {
  const answer = inventory.answer('listToolDefinitions', { agent }) as Answer<'listToolDefinitions'> | undefined // what the question answers
  return (answer?.items ?? []).flatMap(({ tool, server, state, approved, definition: offered, entry }) => {
    const definition = state === 'changed' ? approved : offered
    return entry === undefined
      ? []
      : [{ name: tool, server, ...(definition === undefined ? {} : { definition }), entries: [entry] }]
  })
}
