/** One event of a `text/event-stream` body; `event` is `message` where the stream names none. */
export type StreamEvent = { readonly event: string; readonly data: string; readonly id: string }

/**
 * The events of a body (https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation). An
 * event that the empty line does not end is cut off, and left out. Untrusted.
 */
export function readEventStream(text: string): readonly StreamEvent[] {
  const events: StreamEvent[] = []
  let event = ''
  let id = ''
  let data: string[] = []
  for (const line of linesOf(text.startsWith('\uFEFF') ? text.slice(1) : text)) {
    if (line === '') {
      if (data.length > 0) events.push({ event: event === '' ? 'message' : event, data: data.join('\n'), id })
      event = ''
      data = []
      if (events.length >= MAX_EVENTS) return events
      continue
    }
    const colon = line.indexOf(':')
    if (colon === 0) continue
    const name = colon < 0 ? line : line.slice(0, colon)
    const rest = colon < 0 ? '' : line.slice(colon + 1)
    const value = rest.startsWith(' ') ? rest.slice(1) : rest
    if (name === 'data') data.push(value)
    else if (name === 'event') event = value
    else if (name === 'id' && !value.includes('\0')) id = value
  }
  return events
}

/** A model sends one event a token; an answer of a million tokens fits. */
const MAX_EVENTS = 1_000_000

/** Whole lines only: what no line end follows is not one yet. */
function* linesOf(text: string): Generator<string> {
  const end = /\r\n|\n|\r/g
  let from = 0
  for (let found = end.exec(text); found !== null; found = end.exec(text)) {
    yield text.slice(from, found.index)
    from = end.lastIndex
  }
}
