import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import type { Readable, Writable } from 'node:stream'
import { injectTraceparent, type MessageGate } from '@holdfast/capture'
import { INJECT_BYTES } from '../limits.ts'
import type { Observed } from '../observed.ts'
import { newTraceparent } from '../source.ts'
import { passMessages, type StdioPath } from './pass-messages.ts'

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
  /** Keeps what is not approved or held from passing. */
  readonly gate: MessageGate
  /** Told of the path of messages once it stands, to try messages that are made up on it. */
  readonly onPath: (path: StdioPath) => void
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
  const { gate, onPath } = options
  onPath(passMessages({ input, output, server: child, gate, observed, change: changeOf(options) }))
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

/** What is put into a request that has no trace context. */
function changeOf({ inject, trace }: Pick<StdioOptions, 'inject' | 'trace'>) {
  return (line: Buffer): { readonly bytes: Buffer; readonly traceparent: string } | undefined => {
    const traceparent = newTraceparent(trace)
    // Longer ones pass as they are: to look for the place would hold up all others.
    const changed = inject && line.length <= INJECT_BYTES ? injectTraceparent(line, traceparent) : undefined
    return changed === undefined ? undefined : { bytes: changed, traceparent }
  }
}

function drained(output: Writable): Promise<void> {
  return new Promise((resolve) => {
    if (output.writableLength === 0 || output.destroyed) resolve()
    else output.write('', () => resolve())
  })
}
