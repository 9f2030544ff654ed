import type { Readable, Writable } from 'node:stream'
import { isAsked, type GateVerdict, type MessageGate, type SeenMessage } from '@holdfast/capture'
import { unixNano } from '../clock.ts'
import { ENTRY_BYTES } from '../limits.ts'
import type { Observed } from '../observed.ts'
import { isBlank, LineSplitter, withoutEnd, type LinePart } from './line-splitter.ts'

export type PassOptions = {
  readonly input: Readable
  readonly output: Writable
  readonly server: { readonly stdin: Writable; readonly stdout: Readable }
  readonly gate: MessageGate
  readonly observed: Pick<Observed, 'note' | 'lose'>
  /** The line with something put in; undefined where it passes as it is. */
  readonly change: (line: Buffer) => { readonly bytes: Buffer; readonly traceparent: string } | undefined
}

/** Where the lines of both sides go. */
type Ways = {
  readonly toServer: (bytes: Buffer) => void
  readonly toClient: (bytes: Buffer) => void
  readonly observed: Pick<Observed, 'note' | 'lose'>
}

/** What became of messages that were made up, on the path of real ones. */
export type StdioPath = {
  /** True where the server would have got it. */
  readonly reachesServer: (message: Buffer) => boolean
  /** What the client would have got; undefined for nothing. */
  readonly reachesClient: (message: Buffer) => Buffer | undefined
}

const PASS: GateVerdict = { do: 'pass' }
const LINE_END = Buffer.from('\n')

/**
 * Passes messages on line by line, byte for byte, but for what the gate keeps. A line that is too long to be held, and so to
 * be checked, passes in pieces while the gate checks nothing, and not at all while it does.
 */
export function passMessages(options: PassOptions): StdioPath {
  const { input, output, server, gate, observed } = options
  const ways = { toServer: writerOf(input, server.stdin), toClient: writerOf(server.stdout, output), observed }
  eachLine(input, server.stdin, {
    line: (line) => passToServer(line, options, ways),
    pieces: () => piecesTo(ways.toServer, gate, observed),
    end: () => void server.stdin.end(),
  })
  eachLine(server.stdout, output, {
    line: (line) => passToClient(line, options, ways),
    pieces: () => piecesTo(ways.toClient, gate, observed),
    end: () => undefined,
  })
  return {
    reachesServer: (message) => {
      let isThrough = false
      const unseen = { note: () => undefined, lose: () => undefined }
      const toServer = (): void => void (isThrough = true)
      passToServer(message, options, { toServer, toClient: () => undefined, observed: unseen })
      return isThrough
    },
    reachesClient: (message) => {
      let got: Buffer | undefined
      const unseen = { note: () => undefined, lose: () => undefined }
      const toClient = (bytes: Buffer): void => void (got = bytes)
      passToClient(message, options, { toServer: () => undefined, toClient, observed: unseen })
      return got
    },
  }
}

function passToServer(line: Buffer, { gate, change }: Pick<PassOptions, 'gate' | 'change'>, ways: Ways): void {
  const { toServer, toClient, observed } = ways
  const bytes = withoutEnd(line)
  const verdict = isAsked(gate) ? gate.toServer(bytes) : PASS
  if (verdict.do === 'drop') return observed.lose()
  const at = unixNano()
  if (verdict.do === 'answer') {
    const { bytes: answer, withheld, held } = verdict
    observed.note({ direction: 'to-server', bytes, at, isStopped: true, held })
    if (answer === undefined) return
    toClient(Buffer.concat([answer, LINE_END]))
    observed.note({ direction: 'to-client', bytes: answer, at: unixNano(), withheld })
    return
  }
  for (const own of gate.before?.(bytes) ?? []) {
    toServer(Buffer.concat([own, LINE_END]))
    observed.note({ direction: 'to-server', bytes: own, at: unixNano(), isOwn: true })
  }
  const changed = change(line)
  toServer(changed?.bytes ?? line)
  const injected = changed === undefined ? {} : { injected: changed.traceparent }
  const held = verdict.do === 'pass' ? notedBy(verdict) : {}
  if (!isBlank(line)) observed.note({ direction: 'to-server', bytes, at, ...injected, ...held })
}

function passToClient(line: Buffer, { gate }: Pick<PassOptions, 'gate'>, { toClient, observed }: Ways): void {
  const bytes = withoutEnd(line)
  const verdict = isAsked(gate) ? gate.toClient(bytes) : PASS
  if (verdict.do === 'drop') return observed.lose()
  if (verdict.do === 'pass') toClient(line)
  if (verdict.do === 'replace') toClient(Buffer.concat([verdict.bytes, LINE_END]))
  if (isBlank(line)) return
  // As the server said it: what was kept back must be in the record.
  const seen: SeenMessage = { direction: 'to-client', bytes, at: unixNano() }
  observed.note(
    verdict.do === 'pass'
      ? { ...seen, ...notedBy(verdict) }
      : { ...seen, withheld: verdict.withheld, held: verdict.held },
  )
}

/** What a policy that only watches would have kept. */
function notedBy({ held }: Extract<GateVerdict, { readonly do: 'pass' }>): Pick<SeenMessage, 'held'> {
  return held === undefined ? {} : { held }
}

/** Takes the pieces of one long line. Once one of them was kept back, so are those behind it. */
function piecesTo(
  write: (bytes: Buffer) => void,
  gate: MessageGate,
  observed: Pick<Observed, 'lose'>,
): (part: Extract<LinePart, { kind: 'piece' }>) => void {
  let state: 'untouched' | 'passing' | 'cut' | 'kept' = 'untouched'
  return ({ bytes, isEnd }) => {
    if (gate.isActive && (state === 'untouched' || state === 'passing')) state = state === 'passing' ? 'cut' : 'kept'
    if (state === 'untouched' || state === 'passing') {
      state = 'passing'
      write(bytes)
    }
    if (!isEnd) return
    // What was passed of it must not run into the next line.
    if (state === 'cut') write(LINE_END)
    observed.lose()
  }
}

function eachLine(
  from: Readable,
  into: Writable,
  to: {
    readonly line: (line: Buffer) => void
    readonly pieces: () => (part: Extract<LinePart, { kind: 'piece' }>) => void
    readonly end: () => void
  },
): void {
  const lines = new LineSplitter(ENTRY_BYTES)
  let pieces: ReturnType<typeof to.pieces> | undefined
  const take = (part: LinePart): void => {
    if (part.kind === 'line') return to.line(part.bytes)
    pieces ??= to.pieces()
    pieces(part)
    if (part.isEnd) pieces = undefined
  }
  from.on('data', (chunk: Buffer) => {
    // Lines that come together go on together.
    into.cork()
    for (const part of lines.push(chunk)) take(part)
    into.uncork()
  })
  from.once('end', () => {
    const last = lines.end()
    if (last !== undefined) take(last)
    to.end()
  })
}

function writerOf(from: Readable, to: Writable): (bytes: Buffer) => void {
  let isWaiting = false
  return (bytes) => {
    if (to.write(bytes) || isWaiting) return
    isWaiting = true
    from.pause()
    to.once('drain', () => {
      isWaiting = false
      from.resume()
    })
  }
}
