import type { EventSummary } from '@holdfast/model'

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

/** How the ids of nearly all events of a span begin. */
export function idPrefixOf(trace: string, span: string): string {
  return `${trace}.${span}.`
}

/** The trace and span that an event's id says; undefined for the others, which are indexed one by one. */
export function placeOf(id: string): { readonly trace: string; readonly span: string } | undefined {
  const [, trace, span] = /^([0-9a-f]{32})\.([0-9a-f]{16})\./.exec(id) ?? []
  return trace === undefined || span === undefined ? undefined : { trace, span }
}

/** True where the event is found by its id alone. */
export function isPlaced({ id, context }: EventSummary): boolean {
  return (
    context.trace !== undefined && context.span !== undefined && id.startsWith(idPrefixOf(context.trace, context.span))
  )
}
