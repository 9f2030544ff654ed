/** Requests whose params the protocol lets carry `_meta`, and that make the server act. */
const INJECTABLE = new Set(['tools/call', 'resources/read', 'prompts/get', 'completion/complete'])

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COMMA = 0x2c
const COLON = 0x3a
const OPEN_BRACE = 0x7b
const CLOSE_BRACE = 0x7d
const OPEN_BRACKET = 0x5b
const CLOSE_BRACKET = 0x5d

/**
 * The message with `_meta.traceparent` (https://www.w3.org/TR/trace-context/) in its params, all other bytes as they were.
 * Undefined where it must pass unchanged: another message than a request that may carry it, one that has a trace context,
 * and whatever is not plainly understood.
 */
export function injectTraceparent(message: Uint8Array, traceparent: string): Buffer | undefined {
  const bytes = Buffer.from(message.buffer, message.byteOffset, message.byteLength)
  const top = membersOf(bytes, skipBlank(bytes, 0))
  const method = textAt(bytes, top?.get('method'))
  const params = top?.get('params')
  if (top === undefined || params === undefined || !top.has('id') || method === undefined) return undefined
  if (!INJECTABLE.has(method)) return undefined
  const inner = membersOf(bytes, params.from)
  if (inner === undefined) return undefined
  const meta = inner.get('_meta')
  const stated = `"traceparent":${JSON.stringify(traceparent)}`
  if (meta === undefined) return inserted(bytes, params.from + 1, `"_meta":{${stated}}`, inner.size > 0)
  const known = membersOf(bytes, meta.from)
  if (known === undefined || known.has('traceparent')) return undefined
  return inserted(bytes, meta.from + 1, stated, known.size > 0)
}

function inserted(bytes: Buffer, at: number, text: string, isFollowed: boolean): Buffer {
  return Buffer.concat([bytes.subarray(0, at), Buffer.from(isFollowed ? `${text},` : text), bytes.subarray(at)])
}

type Place = { readonly from: number; readonly to: number }

/** Where the values of an object's members lie. Undefined for what is no object, or names a member twice. */
function membersOf(bytes: Buffer, from: number): ReadonlyMap<string, Place> | undefined {
  if (bytes[from] !== OPEN_BRACE) return undefined
  const members = new Map<string, Place>()
  let at = skipBlank(bytes, from + 1)
  if (bytes[at] === CLOSE_BRACE) return members
  for (;;) {
    if (bytes[at] !== QUOTE) return undefined
    const keyEnd = endOfString(bytes, at)
    const colon = skipBlank(bytes, keyEnd)
    if (bytes[colon] !== COLON) return undefined
    const valueFrom = skipBlank(bytes, colon + 1)
    const valueTo = endOfValue(bytes, valueFrom)
    const key = textAt(bytes, { from: at, to: keyEnd })
    if (key === undefined || members.has(key) || valueTo <= valueFrom) return undefined
    members.set(key, { from: valueFrom, to: valueTo })
    at = skipBlank(bytes, valueTo)
    if (bytes[at] === CLOSE_BRACE) return members
    if (bytes[at] !== COMMA) return undefined
    at = skipBlank(bytes, at + 1)
  }
}

function endOfValue(bytes: Buffer, from: number): number {
  if (bytes[from] === QUOTE) return endOfString(bytes, from)
  let depth = 0
  for (let at = from; at < bytes.length; at += 1) {
    const byte = bytes[at]
    if (byte === QUOTE) at = endOfString(bytes, at) - 1
    else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) depth += 1
    else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
      if (depth === 0) return at
      depth -= 1
      if (depth === 0) return at + 1
    } else if (depth === 0 && (byte === COMMA || isBlank(byte))) return at
  }
  return bytes.length
}

/** After the closing quote; the end of the bytes where there is none. */
function endOfString(bytes: Buffer, from: number): number {
  for (let at = from + 1; at < bytes.length; at += 1) {
    if (bytes[at] === BACKSLASH) at += 1
    else if (bytes[at] === QUOTE) return at + 1
  }
  return bytes.length
}

function textAt(bytes: Buffer, place: Place | undefined): string | undefined {
  if (place === undefined || bytes[place.from] !== QUOTE) return undefined
  try {
    const text: unknown = JSON.parse(bytes.toString('utf8', place.from, place.to))
    return typeof text === 'string' ? text : undefined
  } catch {
    // No JSON string: the message is not understood, and passes unchanged.
    return undefined
  }
}

function skipBlank(bytes: Buffer, from: number): number {
  let at = from
  while (at < bytes.length && isBlank(bytes[at])) at += 1
  return at
}

function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d
}
