import { field, isJsonArray, isJsonObject, textField } from '../decode/any-value.ts'
import type { Json, JsonObject } from '../decode/any-value.ts'
import { indexOf, MergedObject, objectsOf, usageOf } from './fields.ts'
import type { ModelApi } from './model-api.ts'

const METHOD = /\/([^/:]+):(?:streamG|g)enerateContent$/

/** Google `POST .../models/<model>:generateContent` and `:streamGenerateContent`, of Gemini and Vertex AI. */
export const googleGenerate: ModelApi = {
  name: 'google-generate',
  operation: 'generate_content',
  path: METHOD,
  recognises: (path, body) => METHOD.test(path) && field(body, 'contents') !== undefined,
  assemble: (events) => assembleChunks(objectsOf(events)),
  finishReasons: (answer) => {
    const candidates = field(answer, 'candidates')
    return isJsonArray(candidates) ? candidates.flatMap((one) => textField(one, 'finishReason') ?? []) : []
  },
  usage: (answer) =>
    usageOf(field(answer, 'usageMetadata'), {
      inputTokens: ['promptTokenCount'],
      outputTokens: ['candidatesTokenCount'],
      cacheReadTokens: ['cachedContentTokenCount'],
    }),
  requestModel: (path) => METHOD.exec(path)?.[1],
}

/** Without `alt=sse` a stream is one JSON list of the same chunks. */
export function assembleList(json: Json | undefined): JsonObject | undefined {
  return isJsonArray(json) ? assembleChunks(json.filter(isJsonObject)) : undefined
}

function assembleChunks(chunks: readonly JsonObject[]): JsonObject | undefined {
  const last = chunks.at(-1)
  if (last === undefined) return undefined
  const failed = chunks.find((chunk) => field(chunk, 'error') !== undefined)
  if (failed !== undefined) return failed
  const candidates = new Map<number, { readonly candidate: MergedObject; readonly parts: Part[] }>()
  for (const chunk of chunks) {
    const list = field(chunk, 'candidates')
    for (const candidate of isJsonArray(list) ? list : []) {
      if (!isJsonObject(candidate)) continue
      const index = indexOf(candidate) ?? 0
      const known = candidates.get(index) ?? { candidate: new MergedObject(), parts: [] }
      known.candidate.add(candidate)
      candidates.set(index, known)
      const parts = field(field(candidate, 'content'), 'parts')
      for (const part of isJsonArray(parts) ? parts : []) addPart(known.parts, part)
    }
  }
  return {
    ...chunks[0],
    ...last,
    candidates: [...candidates]
      .toSorted(([a], [b]) => a - b)
      .map(([, { candidate, parts }]) => ({
        ...candidate.json,
        content: { role: 'model', parts: parts.map(partJson) },
      })),
  }
}

/** A part as it first came, and all of its text where it has one. */
type Part = { readonly first: Json; text: string | undefined }

/** Text goes on where the part before it is text of the same kind. */
function addPart(parts: Part[], part: Json): void {
  const text = field(part, 'text')
  const before = parts.at(-1)
  const isSameKind = before?.text !== undefined && field(part, 'thought') === field(before.first, 'thought')
  if (typeof text === 'string' && isSameKind) before.text += text
  else parts.push({ first: part, text: typeof text === 'string' ? text : undefined })
}

function partJson({ first, text }: Part): Json {
  return isJsonObject(first) && text !== undefined ? { ...first, text } : first
}
