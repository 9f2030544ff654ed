import { EscapedMasker } from './escaped-masker.ts'
import { type MaskList, MaskWriter } from './mask-writer.ts'
import { maskJsonAttributes } from './mask-json-attributes.ts'
import { maskSettings } from './mask-settings.ts'
import { ProtoWalk } from './proto-walk.ts'
import { TextMasker } from './text-masker.ts'

/**
 * How the bytes are framed. `json`: any JSON text, OTLP/JSON and imported runs included; also right for plain text.
 * `document`: JSON that states how something is configured, of which no setting needs to be known by its value. `traces`,
 * `logs`, `metrics`: a protobuf export request of that signal.
 */
export type Framing = 'json' | 'document' | 'traces' | 'logs' | 'metrics'

/**
 * Masks credentials in place, each with the same number of bytes, so that lengths, quotes and escapes around them stay
 * valid: the one choke point for every way in (FC15). Untrusted bytes: never throws, and takes time in proportion to
 * their length. What is not well-formed in its framing may keep a credential; it is refused by the scan that follows.
 * Masking twice changes nothing. Answers what was masked.
 */
export function maskSecrets(bytes: Uint8Array, framing: Framing = 'json'): MaskList {
  const writer = new MaskWriter(bytes)
  const text = new TextMasker(writer)
  const escaped = new EscapedMasker(writer)
  if (framing === 'json' || framing === 'document') {
    text.mask(0, bytes.length)
    escaped.mask(0, bytes.length)
    if (text.hasNamedAttribute || escaped.hasNamedAttribute) maskJsonAttributes(writer)
    if (framing === 'document') maskSettings(writer)
  } else {
    new ProtoWalk(writer, text).request(framing)
    if (escaped.hasTrigger(0, bytes.length)) new ProtoWalk(writer, escaped).request(framing)
  }
  return writer.list()
}
