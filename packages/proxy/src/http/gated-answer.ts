import type { IncomingMessage, ServerResponse } from 'node:http'
import { isAsked, readEventStream, type GateVerdict, type Kept, type MessageGate } from '@holdfast/capture'
import { ENTRY_BYTES } from '../limits.ts'
import { endOfEvent } from './event-splitter.ts'
import { fieldOf, fieldsToPass, withField } from './forward.ts'

/** Bytes of an empty line that may stand before a cut, at most: `\r\n\r` of `\r\n\r\n`. */
const TAIL_BYTES = 3

export type GatedAnswer = {
  readonly answer: IncomingMessage
  readonly response: ServerResponse
  readonly gate: MessageGate
  /** Told of each message as the server said it; undefined for one that could not be held or read. */
  readonly tell: (message: Buffer | undefined, kept: Kept) => void
}

const NOTHING_KEPT: Kept = { withheld: [], held: [] }
const PASS: GateVerdict = { do: 'pass' }

/**
 * Passes an answer on without what the gate keeps: a stream event by event, another body once it is whole. What is too long
 * to be held passes in pieces while the gate checks nothing, and is cut off once it does.
 */
export function passGatedAnswer(parts: GatedAnswer): void {
  const { answer, response } = parts
  answer.once('close', () => {
    // Cut off upstream: the client must not take what it has for the whole.
    if (!answer.complete) response.destroy()
  })
  const coding = fieldOf(answer.rawHeaders, 'content-encoding') ?? 'identity'
  // Only where the gate checks anything is one that is coded given to this function.
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
  let isLong = false
  const write = (bytes: Buffer): void => {
    if (bytes.length === 0 || response.write(bytes)) return
    answer.pause()
    response.once('drain', () => answer.resume())
  }
  const cut = (): void => {
    // What cannot be held cannot be checked, and what follows it cannot be told from it.
    tell(undefined, NOTHING_KEPT)
    response.destroy()
    answer.destroy()
  }
  answer.on('data', (chunk: Buffer) => {
    if (isLong && gate.isActive) return cut()
    let from = 0
    let end = endOfEvent(Buffer.concat([tail, chunk])) - tail.length
    while (end > from) {
      const event = Buffer.concat([...held, chunk.subarray(from, end)])
      if (isLong) tell(undefined, NOTHING_KEPT)
      write(isLong ? event : checkedEvents(event, { gate, tell }))
      isLong = false
      held = []
      heldBytes = 0
      from = end
      const next = endOfEvent(chunk.subarray(from))
      end = next < 0 ? -1 : from + next
    }
    const rest = chunk.subarray(from)
    tail = Buffer.concat([from === 0 ? tail : Buffer.alloc(0), rest.subarray(-TAIL_BYTES)]).subarray(-TAIL_BYTES)
    held.push(rest)
    heldBytes += rest.length
    if (heldBytes <= ENTRY_BYTES && !isLong) return
    if (gate.isActive) return cut()
    isLong = true
    write(Buffer.concat(held))
    held = []
    heldBytes = 0
  })
  answer.once('end', () => {
    // What no empty line ends is no event, to any client.
    if (!gate.isActive && heldBytes > 0) response.write(Buffer.concat(held))
    response.end()
  })
}

/** Every event that a client may see in the bytes is checked: where line ends are mixed there may be several. */
function checkedEvents(bytes: Buffer, { gate, tell }: Pick<GatedAnswer, 'gate' | 'tell'>): Buffer {
  const checked = readEventStream(bytes.toString('utf8')).map((event) => {
    const message = Buffer.from(event.data)
    const verdict = event.data === '' || !isAsked(gate) ? PASS : gate.toClient(message)
    if (verdict.do === 'drop') tell(undefined, NOTHING_KEPT)
    else if (event.data !== '') tell(message, keptOf(verdict))
    return { event, verdict }
  })
  if (checked.every(({ verdict }) => verdict.do === 'pass')) return bytes
  const passed = checked.flatMap(({ event, verdict }) => {
    if (verdict.do !== 'pass' && verdict.do !== 'replace') return []
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
  let isLong = false
  const head = (fields: readonly string[]): void =>
    void response.writeHead(answer.statusCode ?? 502, answer.statusMessage ?? '', [...fields])
  answer.on('data', (piece: Buffer) => {
    bytes += piece.length
    if (bytes <= ENTRY_BYTES) return void pieces.push(piece)
    if (gate.isActive) return isLong ? void response.destroy() : undefined
    if (!isLong) head(fieldsToPass(answer.rawHeaders))
    isLong = true
    for (const held of [...pieces.splice(0), piece]) {
      if (response.write(held)) continue
      answer.pause()
      response.once('drain', () => answer.resume())
    }
  })
  answer.once('end', () => {
    if (isLong) {
      tell(undefined, NOTHING_KEPT)
      return void response.end()
    }
    const body = Buffer.concat(pieces)
    const verdict: GateVerdict =
      bytes > ENTRY_BYTES ? { do: 'drop' } : isAsked(gate) ? gate.toClient(body) : { do: 'pass' }
    if (verdict.do === 'drop') {
      tell(undefined, NOTHING_KEPT)
      return refuse(response, 'the answer of the server could not be checked')
    }
    if (verdict.do === 'withhold' || verdict.do === 'answer') {
      tell(body, keptOf(verdict))
      return refuse(response, 'what the server said is held')
    }
    const passed = verdict.do === 'replace' ? verdict.bytes : body
    const fields = fieldsToPass(answer.rawHeaders)
    const isSized = fieldOf(fields, 'content-length') !== undefined && verdict.do === 'replace'
    head(isSized ? withField(fields, 'content-length', String(passed.length)) : fields)
    response.end(passed)
    const isMessage = /^application\/json\b/.test(fieldOf(answer.rawHeaders, 'content-type') ?? '') && bytes > 0
    if (isMessage || verdict.do === 'replace') tell(body, keptOf(verdict))
  })
}

/** These two alone: the bytes of a verdict are what passes, and what is told is what the server said. */
function keptOf(verdict: GateVerdict): Kept {
  if (verdict.do === 'pass') return { withheld: [], held: verdict.held ?? [] }
  if (verdict.do === 'drop') return NOTHING_KEPT
  return { withheld: verdict.withheld, held: verdict.held }
}

function refuse(response: ServerResponse, why: string): void {
  response.writeHead(502, { 'content-type': 'text/plain; charset=utf-8' }).end(`holdfast: ${why}\n`)
}
