/** The value of one entry of the span index: which events of the span a block holds. */
export function encodeIds(prefix: string, ids: Iterable<string>): Uint8Array {
  const texts = Array.from(ids, (id) => (id.startsWith(prefix) ? id.slice(prefix.length) : `=${id}`))
  return Buffer.from(texts.join('\n'))
}

export function decodeIds(prefix: string, bytes: Uint8Array): readonly string[] {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString()
  // No event id has an equals sign in it: it marks those that are written whole.
  return text === '' ? [] : text.split('\n').map((id) => (id.startsWith('=') ? id.slice(1) : prefix + id))
}

/** Where an event lies, as its id says. `teller` names who sent it: nobody's rows stand among another's. */
export type Place = {
  readonly trace: string
  readonly span: string
  readonly teller: string
  /** How the ids of all events of the place begin. */
  readonly prefix: string
}

/** Undefined for events whose ids do not say trace and span, which are indexed one by one. */
export function placeOf(id: string): Place | undefined {
  if (last !== undefined && id.startsWith(last.prefix)) return last
  const [prefix, trace, span, teller] = /^([0-9a-f]{32})\.([0-9a-f]{16})\.([0-9a-f]{20})\./.exec(id) ?? []
  if (prefix === undefined || trace === undefined || span === undefined || teller === undefined) return undefined
  last = { trace, span, teller, prefix }
  return last
}

/** The events of a span come one after the other; the answer is the same with and without it. */
let last: Place | undefined
