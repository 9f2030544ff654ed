import { CliError } from '../../cli-error.ts'
import { STREAM_LINE_CHARACTERS } from '../../limits.ts'

/** One message of a server-sent event stream (HTML Living Standard, 9.2). */
export type StreamMessage = { readonly event: string; readonly id: string; readonly data: string }

/** Messages of a stream as they come. Ends when the stream does; throws where a line passes its bound. */
export async function* readEventStream(body: ReadableStream<Uint8Array>): AsyncGenerator<StreamMessage> {
  let open = empty()
  for await (const line of linesOf(body)) {
    if (line === '') {
      // A message without data is a comment or a keep-alive.
      if (open.data.length > 0) yield { event: open.event, id: open.id, data: open.data.join('\n') }
      open = empty()
    } else {
      takeField(open, line)
    }
  }
}

type Open = { event: string; id: string; readonly data: string[] }

function empty(): Open {
  return { event: 'message', id: '', data: [] }
}

function takeField(open: Open, line: string): void {
  const colon = line.indexOf(':')
  const name = colon === -1 ? line : line.slice(0, colon)
  const value = colon === -1 ? '' : line.slice(colon + 1).replace(/^ /, '')
  if (name === 'data') open.data.push(value)
  else if (name === 'event') open.event = value
  else if (name === 'id') open.id = value
}

async function* linesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  let rest = ''
  for await (const chunk of body.pipeThrough(new TextDecoderStream())) {
    const parts = (rest + chunk).split(/\r\n|\n|\r(?!$)/)
    rest = parts.pop() ?? ''
    yield* parts
    if (rest.length > STREAM_LINE_CHARACTERS) {
      throw new CliError('fault', `the server sent a line of more than ${STREAM_LINE_CHARACTERS} characters`)
    }
  }
}
