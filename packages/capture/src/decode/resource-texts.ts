import type { Envelope } from '@holdfast/model'
import { resourceFromJson } from './json.ts'
import { parseJsonText } from './json-text.ts'
import { decodeResource } from './proto.ts'
import { WireError } from './wire.ts'

/** Attributes of an OTLP resource whose values are texts; none where the envelope has no resource that can be read. Untrusted. */
export function resourceTexts({
  encoding,
  resource,
}: Pick<Envelope, 'encoding' | 'resource'>): ReadonlyMap<string, string> {
  if (resource.length === 0 || !encoding.startsWith('otlp-')) return new Map()
  const texts = new Map<string, string>()
  for (const [key, value] of attributesOf(encoding, resource)) if (typeof value === 'string') texts.set(key, value)
  return texts
}

function attributesOf(encoding: Envelope['encoding'], resource: Uint8Array): ReadonlyMap<string, unknown> {
  try {
    if (!encoding.endsWith('-json')) return decodeResource(resource).attributes
    const json = parseJsonText(Buffer.from(resource.buffer, resource.byteOffset, resource.byteLength).toString('utf8'))
    return json === undefined ? new Map() : resourceFromJson(json).attributes
  } catch (error) {
    // Broken bytes are everyday traffic: such a resource names nothing.
    if (error instanceof WireError) return new Map()
    throw error
  }
}
