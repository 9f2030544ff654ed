import type { IncomingMessage, ServerResponse } from 'node:http'
import { readEventStream, type ToolGate } from '@holdfast/capture'
import { ENTRY_BYTES } from '../limits.ts'
import { endOfEvent } from './event-splitter.ts'
import { fieldOf, fieldsToPass, withField } from './forward.ts'

/** Bytes of an empty line that may stand before a cut, at most: `\r\n\r` of `\r\n\r\n`. */
const TAIL_BYTES = 3

export type GatedAnswer = {
  readonly answer: IncomingMessage
  readonly response: ServerResponse
  readonly gate: ToolGate
  /** Told of each message as the server said it; undefined for one that could not be held or read. */
  readonly tell: (message: Buffer | undefined, withheld: readonly string[]) => void
}

/** Passes an answer on with the tools in it that are approved: a stream event by event, another body once it is whole. */
export function passGatedAnswer(parts: GatedAnswer): void {
  const { answer, response } = parts
  answer.once('close', () => {
    // Cut off upstream: the client must not take what it has for the whole.
    if (!answer.complete) response.destroy()
  })
  const coding = fieldOf(answer.rawHeaders, 'content-encoding') ?? 'identity'
  if (coding.trim().toLowerCase() !== 'identity') {
    answer.resume()
    return refuse(response, `the server coded its answer as ${coding}, which cannot be checked`)
  }
  const type = fieldOf(answer.rawHeaders, 'content-type') ?? ''
  if (type.startsWith('text/event-stream')) passEvents(parts)
  else passWhole(parts)
}

function passEvents({ answer, response, gate, tell }: GatedAnswer): void {
  response.writeHead(answer.statusCode ?? 502, answer.statusMessage ?? '', fieldsToPass(answer.rawHeaders))
  response.flushHeaders()
  let held: Buffer[] = []
  let heldBytes = 0
  // The last of what is held, in which the end of an event may have begun: only what is new is searched.
  let tail: Buffer = Buffer.alloc(0)
  answer.on('data', (chunk: Buffer) => {
    let from = 0
    let end = endOfEvent(Buffer.concat([tail, chunk])) - tail.length
    while (end > from) {
      const passed = checkedEvents(Buffer.concat([...held, chunk.subarray(from, end)]), { gate, tell })
      held = []
      heldBytes = 0
      if (passed.length > 0 && !response.write(passed)) {
        answer.pause()
        response.once('drain', () => answer.resume())
      }
      from = end
      const next = endOfEvent(chunk.subarray(from))
      end = next < 0 ? -1 : from + next
    }
    const rest = chunk.subarray(from)
    tail = Buffer.concat([from === 0 ? tail : Buffer.alloc(0), rest.subarray(-TAIL_BYTES)]).subarray(-TAIL_BYTES)
    held.push(rest)
    heldBytes += rest.length
    if (heldBytes <= ENTRY_BYTES) return
    // What cannot be held cannot be checked, and what follows it cannot be told from it.
    tell(undefined, [])
    response.destroy()
    answer.destroy()
  })
  // What no empty line ends is no event, to any client.
  answer.once('end', () => void response.end())
}

/** Every event that a client may see in the bytes is checked: where line ends are mixed there may be several. */
function checkedEvents(bytes: Buffer, { gate, tell }: Pick<GatedAnswer, 'gate' | 'tell'>): Buffer {
  const checked = readEventStream(bytes.toString('utf8')).map((event) => {
    const message = Buffer.from(event.data)
    const verdict = event.data === '' ? ({ do: 'pass' } as const) : gate.toClient(message)
    if (verdict.do === 'drop') tell(undefined, [])
    else if (event.data !== '') tell(message, verdict.do === 'replace' ? verdict.withheld : [])
    return { event, verdict }
  })
  if (checked.every(({ verdict }) => verdict.do === 'pass')) return bytes
  const passed = checked.flatMap(({ event, verdict }) => {
    if (verdict.do === 'drop') return []
    return [eventText(event, verdict.do === 'replace' ? verdict.bytes.toString('utf8') : event.data)]
  })
  return Buffer.from(passed.join(''))
}

function eventText({ event, id }: { readonly event: string; readonly id: string }, data: string): string {
  const lines = data.split('\n').map((line) => `data: ${line}\n`)
  return `${event === 'message' ? '' : `event: ${event}\n`}${id === '' ? '' : `id: ${id}\n`}${lines.join('')}\n`
}

function passWhole({ answer, response, gate, tell }: GatedAnswer): void {
  const pieces: Buffer[] = []
  let bytes = 0
  answer.on('data', (piece: Buffer) => {
    bytes += piece.length
    if (bytes <= ENTRY_BYTES) pieces.push(piece)
  })
  answer.once('end', () => {
    const body = Buffer.concat(pieces)
    const verdict = bytes > ENTRY_BYTES ? ({ do: 'drop' } as const) : gate.toClient(body)
    if (verdict.do === 'drop') {
      tell(undefined, [])
      return refuse(response, 'the answer of the server could not be checked')
    }
    const passed = verdict.do === 'replace' ? verdict.bytes : body
    const fields = fieldsToPass(answer.rawHeaders)
    const isSized = fieldOf(fields, 'content-length') !== undefined && verdict.do === 'replace'
    response.writeHead(
      answer.statusCode ?? 502,
      answer.statusMessage ?? '',
      isSized ? withField(fields, 'content-length', String(passed.length)) : fields,
    )
    response.end(passed)
    const isMessage = /^application\/json\b/.test(fieldOf(answer.rawHeaders, 'content-type') ?? '') && bytes > 0
    if (isMessage || verdict.do === 'replace') tell(body, verdict.do === 'replace' ? verdict.withheld : [])
  })
}

function refuse(response: ServerResponse, why: string): void {
  response.writeHead(502, { 'content-type': 'text/plain; charset=utf-8' }).end(`holdfast: ${why}\n`)
}
