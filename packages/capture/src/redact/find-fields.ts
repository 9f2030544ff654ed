import type { BodyEncoding } from '@holdfast/model'
import { findInJson } from './find-in-json.ts'
import { findInProto, type ProtoMessage } from './find-in-proto.ts'

/** Bytes `[from, to)` of a body that hold the value of a field somebody asked for. */
export type FieldRange = {
  readonly from: number
  readonly to: number
  /** As it was asked for, not as the sender spelt it. */
  readonly field: string
  /** A whole JSON value rather than the inside of a string: what takes its place needs quotes of its own. */
  readonly isQuoted?: true
}

/**
 * Where fields stand in a body. `unreadable`: the bytes are not what their encoding says, so that nobody can tell.
 * `nameless`: a record of a kernel program has no names to ask for.
 */
export type FoundFields =
  | { readonly status: 'searched'; readonly ranges: readonly FieldRange[] }
  | { readonly status: 'unreadable' }
  | { readonly status: 'nameless' }

/** The part of an entry that is searched: its body, or what its envelope holds of resource and scope. */
export type SearchedPart = 'body' | 'resource' | 'scope'

/** The field that a name belongs to, as it was asked for; undefined for a name that nobody asked for. */
export type FieldNamed = (name: string) => string | undefined

/** Longest name that is compared; no field may be asked for by a longer one. */
export const MAX_FIELD_CHARACTERS = 256

/** Names as they are; one that ends in `*` stands for all that begin like it. */
export function fieldNames(fields: readonly string[]): FieldNamed {
  const exact = new Set(fields.filter((field) => !field.endsWith('*')))
  const beginnings = fields.filter((field) => field.endsWith('*'))
  return (name) => (exact.has(name) ? name : beginnings.find((field) => name.startsWith(field.slice(0, -1))))
}

/**
 * Finds the values of fields in untrusted bytes: attributes by their key, members of JSON objects by their name, the body of a log
 * record as `body`, at any depth. Ranges are in order and apart. What stands inside a text, JSON written into a string for one,
 * belongs to the field of that text.
 */
export function findFields(
  bytes: Uint8Array,
  { encoding, part = 'body' }: { readonly encoding: BodyEncoding; readonly part?: SearchedPart },
  fieldOf: FieldNamed,
): FoundFields {
  if (bytes.length === 0) return { status: 'searched', ranges: [] }
  if (part === 'body' && encoding === 'sensor-record') return { status: 'nameless' }
  const message = protoOf(encoding, part)
  const ranges = message === undefined ? findInJson(bytes, fieldOf) : findInProto(bytes, message, fieldOf)
  return ranges === undefined ? { status: 'unreadable' } : { status: 'searched', ranges }
}

function protoOf(encoding: BodyEncoding, part: SearchedPart): ProtoMessage | undefined {
  if (encoding !== 'otlp-span-proto' && encoding !== 'otlp-log-proto') return undefined
  if (part !== 'body') return part
  return encoding === 'otlp-span-proto' ? 'span' : 'log'
}
