import { canonicalJson, parseAgentId, type Envelope } from '@holdfast/model'

/** Canonical bytes of an envelope: JCS JSON with resource and scope in base64 (SPEC.md, section 3). */
export function encodeEnvelope(envelope: Envelope): Buffer {
  return Buffer.from(
    canonicalJson({
      ...envelope,
      resource: base64(envelope.resource),
      scope: base64(envelope.scope),
    }),
  )
}

/** Undefined unless the bytes are what {@link encodeEnvelope} writes. */
export function decodeEnvelope(bytes: Uint8Array): Envelope | undefined {
  const text = Buffer.from(bytes).toString()
  const value: unknown = parseJson(text)
  if (typeof value !== 'object' || value === null) return undefined
  const fields: Partial<Record<keyof Envelope, unknown>> = value
  const { resource, scope, agent } = fields
  if (typeof resource !== 'string' || typeof scope !== 'string' || typeof agent !== 'string') return undefined
  if (parseAgentId(agent) === undefined) return undefined
  const envelope = {
    ...fields,
    resource: new Uint8Array(Buffer.from(resource, 'base64')),
    scope: new Uint8Array(Buffer.from(scope, 'base64')),
  }
  // Only our own writer makes these bytes, and their digest is in the leaf: the remaining fields are as it wrote them.
  return envelope as Envelope
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64')
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Not JSON is an answer here, not an error: the caller reports which segment cannot be read.
    return undefined
  }
}
