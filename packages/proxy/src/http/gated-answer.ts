import type { IncomingMessage, ServerResponse } from 'node:http'
import { readEventStream, type ToolGate } from '@holdfast/capture'
import { ENTRY_BYTES } from '../limits.ts'
import { endOfEvent } from './event-splitter.ts'
import { fieldOf, fieldsToPass, withField } from './forward.ts'

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
  let held: Buffer = Buffer.alloc(0)
  answer.on('data', (chunk: Buffer) => {
    held = held.length === 0 ? chunk : Buffer.concat([held, chunk])
    for (let end = endOfEvent(held); end >= 0; end = endOfEvent(held)) {
      const passed = checkedEvent(held.subarray(0, end), { gate, tell })
      held = held.subarray(end)
      if (passed !== undefined && !response.write(passed)) {
        answer.pause()
        response.once('drain', () => answer.resume())
      }
    }
    if (held.length <= ENTRY_BYTES) return
    // What cannot be held cannot be checked, and what follows it cannot be told from it.
    tell(undefined, [])
    response.destroy()
    answer.destroy()
  })
  // What no empty line ends is no event, to any client.
  answer.once('end', () => void response.end())
}

function checkedEvent(event: Buffer, { gate, tell }: Pick<GatedAnswer, 'gate' | 'tell'>): Buffer | undefined {
  const text = event.toString('utf8')
  const [read] = readEventStream(text)
  if (read === undefined || read.data === '') return event
  const message = Buffer.from(read.data)
  const verdict = gate.toClient(message)
  if (verdict.do === 'drop') {
    tell(undefined, [])
    return undefined
  }
  tell(message, verdict.do === 'replace' ? verdict.withheld : [])
  if (verdict.do !== 'replace') return event
  const others = text.split(/\r\n|\n|\r/).filter((line) => line !== '' && !/^\uFEFF?data(?:$|:)/.test(line))
  return Buffer.from([...others, `data: ${verdict.bytes.toString('utf8')}`, '', ''].join('\n'))
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
