import { recordRetrieval } from '@holdfast/sdk'
import { tool } from 'ai'
import { z } from 'zod'
import { storedItems } from './stored-items.ts'
import { search } from '../../retrieval/bm25.ts'

const documentSchema = z.strictObject({ id: z.string(), uri: z.string(), version: z.string(), text: z.string() })

/** A tool that looks the best document of an index up and says so in the agent's telemetry. `documents`: JSON of all of them. */
export function searchTool({
  name,
  description,
  source,
  documents,
}: {
  /** As the store has it, where the index is one of its own. */
  readonly name: string
  readonly description: string
  readonly source: string
  readonly documents: string
}) {
  return tool({
    description,
    inputSchema: z.object({ query: z.string() }),
    execute: async ({ query }) => {
      const startedAt = Date.now()
      const all = z.array(documentSchema).parse(JSON.parse(await storedItems(documents, name, { query })))
      const found = search(all, query, 1).map(({ id, uri, version, text, score }) => ({
        id,
        uri,
        version,
        trust: 'internal',
        content: text,
        score,
      }))
      recordRetrieval({ query, source, startedAt, documents: found })
      return found.map(({ uri, content }) => ({ uri, content }))
    },
  })
}
