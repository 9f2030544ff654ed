import type { Answer } from '@holdfast/api'
import type { GeneratorFacts } from '@holdfast/enforce'
import type { InventoryQueries } from '../inventory/inventory-queries.ts'

/** Tools that an agent's servers offer, with the digests of their definitions, as the inventory has them. */
export function toolFacts(inventory: InventoryQueries, agent: string): GeneratorFacts['tools'] {
  const answer = inventory.answer('listToolDefinitions', { agent }) as Answer<'listToolDefinitions'> | undefined // what the question answers
  return (answer?.items ?? []).flatMap(({ tool, server, definition, entry }) =>
    entry === undefined
      ? []
      : [{ name: tool, server, ...(definition === undefined ? {} : { definition }), entries: [entry] }],
  )
}
