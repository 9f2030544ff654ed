import type { BodyEncoding } from '@holdfast/model'
import type { FieldNamed, FieldRange } from './field-names.ts'
import { findInJson } from './find-in-json.ts'
import { findInProto, type ProtoMessage } from './find-in-proto.ts'

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
