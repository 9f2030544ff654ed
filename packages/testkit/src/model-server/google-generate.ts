import { streamedPieces } from './answer.ts'
import type { Answer } from './answer.ts'
import { isObject, objectsOf, stringOf, textOf } from './json.ts'
import type { JsonObject } from './json.ts'
import type { ModelApi, ServerSentEvent } from './model-api.ts'
import type { Turn } from './script.ts'

/** Google `POST /v1beta/models/<model>:generateContent`. Reasoning is said as a thought part. */
export const googleGenerate: ModelApi = {
  readTurn,
  wantsStream: () => false,
  body: (answer) => chunk(answer, [...textParts(answer), ...callParts(answer)], { isLast: true }),
  events: () => [],
  error: (message) => ({ error: { code: 400, message, status: 'INVALID_ARGUMENT' } }),
}

/** Google `POST /v1beta/models/<model>:streamGenerateContent?alt=sse`: the path asks for the stream, not the body. */
export const googleStreamGenerate: ModelApi = { ...googleGenerate, wantsStream: () => true, events: chunks }

/** Undefined unless `path` names one of the two methods; `model` is what the other formats have in the body. */
export function parseGooglePath(path: string): { readonly model: string; readonly api: ModelApi } | undefined {
  const found = /^\/v1(?:beta|alpha)?\/models\/([^/:]+):(generateContent|streamGenerateContent)$/.exec(path)
  if (found === null) return undefined
  const [, model = '', method] = found
  return { model, api: method === 'generateContent' ? googleGenerate : googleStreamGenerate }
}

function readTurn(body: JsonObject): Turn {
  const contents = objectsOf(body['contents'])
  const system = body['systemInstruction']
  const asked = contents.filter((content) => content['role'] !== 'model' && responsesIn(content).length === 0)
  const last = contents.at(-1)
  return {
    model: stringOf(body['model']),
    system: isObject(system) ? textOf(system['parts']) : stringOf(system),
    user: textOf(asked.at(-1)?.['parts']),
    toolResults: (last === undefined ? [] : responsesIn(last)).map((response) => ({
      tool: stringOf(response['name']),
      text: JSON.stringify(response['response'] ?? {}),
    })),
    promptChars: JSON.stringify([system ?? '', contents, body['tools'] ?? []]).length,
  }
}

function responsesIn(content: JsonObject): readonly JsonObject[] {
  return objectsOf(content['parts'])
    .map((part) => part['functionResponse'])
    .filter(isObject)
}

function chunks(answer: Answer): readonly ServerSentEvent[] {
  const texts = [
    ...streamedPieces(answer.reasoning).map((text) => [{ text, thought: true }]),
    ...streamedPieces(answer.text).map((text) => [{ text }]),
  ]
  // Calls are never streamed in fragments, and come with the last chunk, which also carries the usage.
  return [
    ...texts.map((parts) => ({ data: chunk(answer, parts, { isLast: false }) })),
    { data: chunk(answer, callParts(answer), { isLast: true }) },
  ]
}

function chunk(answer: Answer, parts: readonly JsonObject[], { isLast }: { readonly isLast: boolean }): JsonObject {
  const { input, output, reasoning } = answer.usage
  return {
    candidates: [{ content: { role: 'model', parts }, index: 0, ...(isLast && { finishReason: 'STOP' }) }],
    usageMetadata: {
      promptTokenCount: input,
      candidatesTokenCount: output - reasoning,
      totalTokenCount: input + output,
      ...(reasoning > 0 && { thoughtsTokenCount: reasoning }),
    },
    modelVersion: answer.model,
    responseId: `resp_${answer.number}`,
  }
}

function textParts(answer: Answer): readonly JsonObject[] {
  return [
    ...(answer.reasoning === '' ? [] : [{ text: answer.reasoning, thought: true }]),
    ...(answer.text === '' ? [] : [{ text: answer.text }]),
  ]
}

function callParts(answer: Answer): readonly JsonObject[] {
  return answer.calls.map((call) => ({
    functionCall: { id: call.id, name: call.name, args: call.arguments ?? {} },
  }))
}
