import type { TokenUsage } from '@holdfast/model'
import { field, isJsonObject } from '../decode/any-value.ts'
import type { Json, JsonObject } from '../decode/any-value.ts'
import { parseJsonText } from '../decode/json-text.ts'
import type { StreamEvent } from '../http/sse.ts'

/** The JSON objects that the events of a stream carry; a closing mark such as `[DONE]` is none. */
export function objectsOf(events: readonly StreamEvent[]): readonly JsonObject[] {
  return events.flatMap(({ data }) => {
    const json = /^\s*\{/.test(data) ? parseJsonText(data) : undefined
    return isJsonObject(json) ? [json] : []
  })
}

/** Token counts by their names in one provider's usage object. */
export function usageOf(
  usage: Json | undefined,
  names: { readonly [key in keyof TokenUsage]: readonly string[] },
): TokenUsage {
  const read = (keys: readonly string[] | undefined): number | undefined => {
    for (const key of keys ?? []) {
      const value = key.split('.').reduce<Json | undefined>((json, part) => field(json, part), usage)
      // A provider counts in whole numbers; what else stands there would make sums wrong.
      if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value
    }
    return undefined
  }
  const inputTokens = read(names.inputTokens)
  const outputTokens = read(names.outputTokens)
  const cacheReadTokens = read(names.cacheReadTokens)
  const cacheWriteTokens = read(names.cacheWriteTokens)
  return {
    ...(inputTokens === undefined ? {} : { inputTokens }),
    ...(outputTokens === undefined ? {} : { outputTokens }),
    ...(cacheReadTokens === undefined ? {} : { cacheReadTokens }),
    ...(cacheWriteTokens === undefined ? {} : { cacheWriteTokens }),
  }
}

/** An object that the events of a stream add to: copied for each, a sender of many names would make it cost their square. */
export class MergedObject {
  // Without a prototype even `__proto__` is an ordinary name.
  readonly #fields = Object.create(null) as { [key: string]: Json }

  add(json: Json | undefined): void {
    if (isJsonObject(json)) Object.assign(this.#fields, json)
  }

  get json(): JsonObject {
    return this.#fields
  }
}

/** The index of a delta, where it is one that a list may have. */
export function indexOf(json: Json | undefined): number | undefined {
  const index = field(json, 'index')
  return typeof index === 'number' && Number.isInteger(index) && index >= 0 && index < MAX_PARTS ? index : undefined
}

/** Choices, blocks or tool calls of one answer that are put together. */
const MAX_PARTS = 4_096
