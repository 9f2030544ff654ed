import { countTokens, embeddingOf } from './answer.ts'
import { stringOf } from './json.ts'
import type { JsonObject } from './json.ts'
import { EMBEDDING_DIMENSIONS, MAX_EMBEDDING_DIMENSIONS } from './limits.ts'

/** Body of OpenAI `POST /v1/embeddings`: floats, or base64 of little-endian float32, which the SDKs ask for. */
export function openaiEmbeddings(body: JsonObject): unknown {
  const input = body['input']
  // Token arrays stand for text that is not here; their JSON is as good a seed, and as deterministic.
  const texts = (Array.isArray(input) && typeof input[0] !== 'number' ? input : [input]).map((entry) =>
    typeof entry === 'string' ? entry : JSON.stringify(entry),
  )
  const asked = body['dimensions']
  const dimensions =
    typeof asked === 'number' ? Math.min(Math.max(1, asked), MAX_EMBEDDING_DIMENSIONS) : EMBEDDING_DIMENSIONS
  const tokens = texts.reduce((sum, text) => sum + countTokens(text.length), 0)
  return {
    object: 'list',
    data: texts.map((text, index) => ({
      object: 'embedding',
      index,
      embedding: encoded(embeddingOf(text, dimensions), body['encoding_format']),
    })),
    model: stringOf(body['model']),
    usage: { prompt_tokens: tokens, total_tokens: tokens },
  }
}

function encoded(vector: readonly number[], format: unknown): unknown {
  return format === 'base64' ? Buffer.from(Float32Array.from(vector).buffer).toString('base64') : vector
}
