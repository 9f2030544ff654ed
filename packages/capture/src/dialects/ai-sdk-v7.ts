import { isJsonArray } from '../decode/any-value.ts'
import type { Act } from './act.ts'
import { held, OMITTED } from './act.ts'
import type { AttributeReader } from './attribute-reader.ts'
import type { Dialect } from './dialect.ts'
import { readDocument } from './items.ts'
import { readGenAiSpan } from './otel-genai.ts'

/** Vercel AI SDK 7 with `@ai-sdk/otel`: GenAI names under the scope `gen_ai`, and `agent_step` spans of its own. */
export const aiSdkV7: Dialect = {
  name: 'ai-sdk-v7',
  recognises: ({ record, scope }) => scope.name === 'gen_ai' && record.kind === 'span',
  read: ({ record }, reader) => {
    if (record.kind !== 'span') return { acts: [] }
    reader.under('ai.settings.')
    const reading = readGenAiSpan(record, reader)
    return { ...reading, acts: [...reading.acts, ...readRerank(reader)] }
  },
}

/** Reranking has no GenAI name; both generations of the SDK send its documents as `ai.documents`. */
export function readRerank(reader: AttributeReader): readonly Act[] {
  const documents = reader.json('ai.documents')
  if (!isJsonArray(documents)) return []
  const query = reader.json('ai.query')
  return [
    {
      kind: 'documents',
      query: held(query, OMITTED),
      documents: documents.map((item) =>
        typeof item === 'string' ? { content: { value: item } } : readDocument(item),
      ),
    },
  ]
}
