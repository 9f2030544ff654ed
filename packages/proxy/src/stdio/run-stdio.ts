import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import type { Readable, Writable } from 'node:stream'
import { injectTraceparent, type McpDirection, type ToolGate } from '@holdfast/capture'
import { unixNano } from '../clock.ts'
import { ENTRY_BYTES, INJECT_BYTES } from '../limits.ts'
import type { Observed } from '../observed.ts'
import { newTraceparent } from '../source.ts'
import { passGated } from './gated.ts'
import { InjectingWriter } from './injecting-writer.ts'
import { isBlank, LineSplitter, withoutEnd, type Line } from './line-splitter.ts'

export type StdioOptions = {
  readonly command: readonly string[]
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly observed: Observed
  /** Whether requests without a trace context are given one; `trace` is that of the process. */
  readonly inject: boolean
  readonly trace: string | undefined
  readonly input: Readable
  readonly output: Writable
  /** Lets tools pass only as they were approved; without it everything passes. */
  readonly gate?: ToolGate
}

/** How a server ended: with the code that a shell would show for it. */
export type Ended = { readonly code: number; readonly error?: string }

/** What a shell shows for a program that cannot be run, and for one that is not there. */
const NOT_RUNNABLE = 126
const NOT_FOUND = 127

/**
 * Runs an MCP server over stdio and passes its messages on, byte for byte: what cannot be read as one passes too. Its
 * standard error is ours. Resolves when it has ended and all that it wrote was passed on.
 */
export async function runStdio(options: StdioOptions): Promise<Ended> {
  const { command, cwd, env, input, output, observed } = options
  const [program = '', ...args] = command
  const child = spawn(program, args, { cwd, env, stdio: ['pipe', 'pipe', 'inherit'] })
  const pass = (signal: NodeJS.Signals): void => {
    // A terminal has sent Ctrl-C to the server too.
    if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal)
  }
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  for (const signal of signals) process.on(signal, pass)
  const ended = new Promise<Ended>((resolve) => {
    child.once('error', (error) => {
      const isMissing = 'code' in error && error.code === 'ENOENT'
      resolve({ code: isMissing ? NOT_FOUND : NOT_RUNNABLE, error: error.message })
    })
    // Not `exit`: what it wrote last may still be in the pipe.
    child.once('close', (code, signal) =>
      resolve({ code: code ?? 128 + (signal === null ? 0 : constants.signals[signal]) }),
    )
  })
  // A server that reads no more ends by itself; what was for it has nobody to read it.
  child.stdin.on('error', () => input.resume())
  // A client that reads no more: the server finds its own output closed, as without us.
  output.on('error', () => child.stdout.destroy())
  if (options.gate === undefined) {
    passToServer(input, child.stdin, options)
    passToClient(child.stdout, output, observed)
  } else passGated({ input, output, server: child, gate: options.gate, observed, change: changeOf(options) })
  try {
    const end = await ended
    await drained(output)
    return end
  } finally {
    for (const signal of signals) process.off(signal, pass)
    input.pause()
    observed.flush()
  }
}

function passToServer(input: Readable, server: Writable, { inject, trace, observed }: StdioOptions): void {
  const write = (bytes: Buffer): void => {
    if (server.write(bytes)) return
    input.pause()
    server.once('drain', () => input.resume())
  }
  const notes = noteLines('to-server', observed)
  const writer = inject
    ? new InjectingWriter({
        write,
        maxBytes: INJECT_BYTES,
        change: changeOf({ inject, trace }),
      })
    : undefined
  input.on('data', (chunk: Buffer) => {
    if (writer === undefined) {
      write(chunk)
      notes.push(chunk, [])
    } else notes.push(chunk, writer.push(chunk))
  })
  input.once('end', () => {
    writer?.end()
    server.end()
    notes.end()
  })
}

function passToClient(server: Readable, output: Writable, observed: Observed): void {
  const notes = noteLines('to-client', observed)
  server.on('data', (chunk: Buffer) => {
    if (!output.write(chunk)) {
      server.pause()
      output.once('drain', () => server.resume())
    }
    notes.push(chunk, [])
  })
  server.once('end', () => notes.end())
}

/** What is put into a request that has no trace context. */
function changeOf({ inject, trace }: Pick<StdioOptions, 'inject' | 'trace'>) {
  return (line: Buffer): { readonly bytes: Buffer; readonly traceparent: string } | undefined => {
    const traceparent = newTraceparent(trace)
    const changed = inject ? injectTraceparent(line, traceparent) : undefined
    return changed === undefined ? undefined : { bytes: changed, traceparent }
  }
}

type LineNotes = {
  /** Tells of each line that ends in a chunk; `injected` is what was put into which of them, by their number. */
  readonly push: (chunk: Buffer, injected: readonly (readonly [line: number, traceparent: string])[]) => void
  /** Tells of what no line end follows. */
  readonly end: () => void
}

function noteLines(direction: McpDirection, observed: Observed): LineNotes {
  const lines = new LineSplitter(ENTRY_BYTES)
  let number = 0
  const note = ({ bytes, isLong }: Line, put: ReadonlyMap<number, string>): void => {
    const traceparent = put.get(number)
    number += 1
    if (isLong) return observed.lose()
    if (isBlank(bytes)) return
    const told = traceparent === undefined ? {} : { injected: traceparent }
    observed.note({ direction, bytes: withoutEnd(bytes), at: unixNano(), ...told })
  }
  return {
    push: (chunk, injected) => {
      const put = new Map(injected)
      for (const line of lines.push(chunk)) note(line, put)
    },
    end: () => {
      const last = lines.end()
      if (last !== undefined) note(last, new Map())
    },
  }
}

function drained(output: Writable): Promise<void> {
  return new Promise((resolve) => {
    if (output.writableLength === 0 || output.destroyed) resolve()
    else output.write('', () => resolve())
  })
}
