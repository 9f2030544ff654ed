import type { ProxyHold } from '@holdfast/model'
import { field, isJsonArray, isJsonObject, textField } from '../decode/any-value.ts'
import type { Json } from '../decode/any-value.ts'
import { MAX_ORDER_LIST, MAX_ORDER_TEXT, MIN_ITEM_CHARS } from './limits.ts'

/**
 * A hold as it came over the wire. `unknown` says in words why this version cannot carry it out: a proxy that does less than
 * it was told says so.
 */
export function parseHold(json: unknown): { readonly hold: ProxyHold } | { readonly unknown: string } {
  // Whatever came was JSON: an order is part of an answer, or of a file that was written from one.
  const given = json as Json | undefined
  const kind = text(given, 'kind')
  const hold = isJsonObject(given) && kind !== undefined ? holdOf(kind, given) : undefined
  if (hold !== undefined) return { hold }
  return { unknown: `a hold of the kind "${(kind ?? 'none').slice(0, 60)}" is not known to this proxy in that form` }
}

function holdOf(kind: string, json: Json): ProxyHold | undefined {
  const tool = text(json, 'tool')
  switch (kind) {
    case 'withdraw-tool':
      return tool === undefined ? undefined : { kind, tool }
    case 'quarantine-server':
      return { kind }
    case 'pin-catalogue': {
      const digest = text(json, 'digest')
      const tools = list(json, 'tools')?.map((item) => ({
        name: text(item, 'name') ?? '',
        definition: text(item, 'definition') ?? '',
      }))
      return digest === undefined || tools === undefined ? undefined : { kind, digest, tools }
    }
    case 'guard-arguments': {
      const argument = text(json, 'argument')
      const values = texts(json, 'values')
      const pattern = text(json, 'pattern')
      if (tool === undefined || argument === undefined || values === undefined) return undefined
      return { kind, tool, argument, values, ...(pattern === undefined ? {} : { pattern }) }
    }
    case 'quarantine-item': {
      const id = text(json, 'id')
      const digest = hex(json, 'digest')
      if ((id === undefined && digest === undefined) || (id !== undefined && id.length < MIN_ITEM_CHARS))
        return undefined
      return { kind, ...(id === undefined ? {} : { id }), ...(digest === undefined ? {} : { digest }) }
    }
    case 'close-channel': {
      const resource = text(json, 'resource')
      if (tool === undefined && resource === undefined) return undefined
      return { kind, ...(tool === undefined ? {} : { tool }), ...(resource === undefined ? {} : { resource }) }
    }
    case 'hold-memory': {
      const tools = texts(json, 'tools')
      return tools === undefined || tools.length === 0 ? undefined : { kind, tools }
    }
    case 'freeze-model': {
      const model = text(json, 'model')
      const credential = hex(json, 'credential')
      // What narrows it and cannot be read would otherwise freeze more than was meant.
      if ((model === undefined) !== (field(json, 'model') === undefined)) return undefined
      if ((credential === undefined) !== (field(json, 'credential') === undefined)) return undefined
      return {
        kind,
        ...(model === undefined ? {} : { model }),
        ...(credential === undefined ? {} : { credential }),
      }
    }
  }
  return undefined
}

function text(json: Json | undefined, name: string): string | undefined {
  const value = textField(json, name)
  return value !== undefined && value.length <= MAX_ORDER_TEXT ? value : undefined
}

function hex(json: Json, name: string): string | undefined {
  const value = textField(json, name)
  return value !== undefined && /^[0-9a-f]{64}$/.test(value) ? value : undefined
}

function list(json: Json, name: string): readonly Json[] | undefined {
  const value = field(json, name)
  return isJsonArray(value) && value.length <= MAX_ORDER_LIST ? value : undefined
}

function texts(json: Json, name: string): readonly string[] | undefined {
  const value = list(json, name)
  if (value === undefined) return undefined
  const read = value.filter((one) => typeof one === 'string' && one.length <= MAX_ORDER_TEXT)
  return read.length === value.length ? (read as readonly string[]) : undefined // each was just tested
}
