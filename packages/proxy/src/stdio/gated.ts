import type { Readable, Writable } from 'node:stream'
import type { ToolGate } from '@holdfast/capture'
import { unixNano } from '../clock.ts'
import { ENTRY_BYTES } from '../limits.ts'
import type { Observed } from '../observed.ts'
import { isBlank, LineSplitter, withoutEnd } from './line-splitter.ts'

export type GatedOptions = {
  readonly input: Readable
  readonly output: Writable
  readonly server: { readonly stdin: Writable; readonly stdout: Readable }
  readonly gate: ToolGate
  readonly observed: Observed
  readonly change: (line: Buffer) => { readonly bytes: Buffer; readonly traceparent: string } | undefined
}

/**
 * Passes messages on line by line, each once it is whole and was let through. A line that is too long to be held, and so to
 * be checked, does not pass.
 */
export function passGated({ input, output, server, gate, observed, change }: GatedOptions): void {
  const toServer = writerOf(input, server.stdin)
  const toClient = writerOf(server.stdout, output)
  eachLine(input, observed, {
    line: (line) => {
      const bytes = withoutEnd(line)
      const verdict = gate.toServer(bytes)
      if (verdict.do === 'drop') return observed.lose()
      const at = unixNano()
      if (verdict.do === 'answer') {
        observed.note({ direction: 'to-server', bytes, at })
        if (verdict.bytes === undefined) return
        toClient(Buffer.concat([verdict.bytes, Buffer.from('\n')]))
        observed.note({ direction: 'to-client', bytes: verdict.bytes, at: unixNano(), withheld: verdict.withheld })
        return
      }
      const changed = change(line)
      toServer(changed?.bytes ?? line)
      const injected = changed === undefined ? {} : { injected: changed.traceparent }
      if (!isBlank(line)) observed.note({ direction: 'to-server', bytes, at, ...injected })
    },
    end: () => void server.stdin.end(),
  })
  eachLine(server.stdout, observed, {
    line: (line) => {
      const bytes = withoutEnd(line)
      const verdict = gate.toClient(bytes)
      if (verdict.do === 'drop') return observed.lose()
      const isReplaced = verdict.do === 'replace'
      toClient(isReplaced ? Buffer.concat([verdict.bytes, Buffer.from('\n')]) : line)
      const withheld = isReplaced ? { withheld: verdict.withheld } : {}
      // As the server said it: what was withheld must be in the record.
      if (!isBlank(line)) observed.note({ direction: 'to-client', bytes, at: unixNano(), ...withheld })
    },
    end: () => undefined,
  })
}

function eachLine(
  from: Readable,
  observed: Observed,
  to: { readonly line: (line: Buffer) => void; readonly end: () => void },
): void {
  const lines = new LineSplitter(ENTRY_BYTES)
  from.on('data', (chunk: Buffer) => {
    for (const { bytes, isLong } of lines.push(chunk)) {
      if (isLong) observed.lose()
      else to.line(bytes)
    }
  })
  from.once('end', () => {
    const last = lines.end()
    if (last?.isLong === true) observed.lose()
    else if (last !== undefined) to.line(last.bytes)
    to.end()
  })
}

function writerOf(from: Readable, to: Writable): (bytes: Buffer) => void {
  return (bytes) => {
    if (to.write(bytes)) return
    from.pause()
    to.once('drain', () => from.resume())
  }
}
