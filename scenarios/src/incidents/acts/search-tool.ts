import { recordRetrieval } from '@holdfast/sdk'
import { tool } from 'ai'
import { z } from 'zod'
import { search } from '../../retrieval/bm25.ts'

const documentSchema = z.strictObject({ id: z.string(), uri: z.string(), version: z.string(), text: z.string() })

/** A tool that looks the best document of an index up and says so in the agent's telemetry. `documents`: JSON of all of them. */
export function searchTool({
  description,
  source,
  documents,
}: {
  readonly description: string
  readonly source: string
  readonly documents: string
}) {
  const all = z.array(documentSchema).parse(JSON.parse(documents))
  return tool({
    description,
    inputSchema: z.object({ query: z.string() }),
    execute: async ({ query }) => {
      const startedAt = Date.now()
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
