import { field, textField } from '../decode/any-value.ts'
import { usageOf } from './fields.ts'
import type { ModelApi } from './model-api.ts'

/** OpenAI `POST /v1/embeddings`: text goes in, numbers come out, which no event holds. */
export const openaiEmbeddings: ModelApi = {
  name: 'openai-embeddings',
  operation: 'embeddings',
  path: /\/embeddings$/,
  recognises: (path, body) => path.endsWith('/embeddings') && field(body, 'input') !== undefined,
  assemble: () => undefined,
  finishReasons: () => [],
  usage: (answer) => usageOf(field(answer, 'usage'), { inputTokens: ['prompt_tokens'] }),
  requestModel: (_path, body) => textField(body, 'model'),
}
