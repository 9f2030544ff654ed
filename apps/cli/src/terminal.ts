import { existsSync } from 'node:fs'
import { createInterface } from 'node:readline/promises'
import { calledAs } from './called-as.ts'
import { callersEnvironment } from './callers-environment.ts'
import type { Output } from './context.ts'
import { CliError } from './cli-error.ts'
import { interruption } from './interruption.ts'
import { runCli } from './run-cli.ts'

/** Runs the command line of this process on its own streams, by `run`, and leaves the exit code behind. */
export async function runOnTerminal(run = runCli): Promise<void> {
  process.stdout.on('error', endOnClosedPipe)
  const signal = interruption(process, () => performance.now())
  const code = await run(process.argv.slice(2), {
    stdout: outputOf(process.stdout),
    stderr: outputOf(process.stderr),
    env: callersEnvironment(process.env),
    cwd: process.cwd(),
    program: calledAs({ env: process.env, script: process.argv[1] ?? '', cwd: process.cwd(), isFile: existsSync }),
    readStdin,
    signal,
    ...(process.stdin.isTTY && process.stderr.isTTY ? { ask: (question) => asked(question, signal) } : {}),
  })
  // Not process.exit, which would cut off output that is still on its way into a pipe.
  process.exitCode = code
}

function outputOf(stream: NodeJS.WriteStream): Output {
  return { write: (text) => void stream.write(text), isTerminal: stream.isTTY, columns: stream.columns }
}

/** `holdfast agents | head`: who reads has enough. 141 is what a shell shows for a closed pipe. */
function endOnClosedPipe(fault: NodeJS.ErrnoException): void {
  if (fault.code !== 'EPIPE') throw fault
  process.exit(141)
}

async function readStdin(limit: number): Promise<Uint8Array> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > limit) throw new CliError('usage', `standard input has more than ${limit} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** The line that is typed after a question. The terminal keeps its own ways with a line, Ctrl-C among them. */
async function asked(question: string, signal: AbortSignal): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stderr, terminal: false })
  const ended = new Promise<string>((done) => lines.once('close', () => done('')))
  try {
    return await Promise.race([lines.question(question, { signal }), ended])
  } finally {
    lines.close()
  }
}
