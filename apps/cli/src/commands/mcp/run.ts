import { randomBytes } from 'node:crypto'
import { basename } from 'node:path'
import { Observed, runStdio, startMcpProxy, traceOf } from '@holdfast/proxy'
import { CliError } from '../../cli-error.ts'
import type { CliContext } from '../../context.ts'
import { inert } from '../../render/inert.ts'
import { listenUntilInterrupted, targetOf } from '../../proxy/listening.ts'
import { openRecording } from '../../proxy/recording.ts'
import type { McpFlags } from './command.ts'

/** Passes the messages of an MCP session on and records them. */
export async function runMcp(this: CliContext, flags: McpFlags, ...command: readonly string[]): Promise<void> {
  const { url, inject, listen } = flags
  if ((url === undefined) === (command.length === 0)) {
    throw new CliError('usage', 'name the server: its command after --, or its address with --url')
  }
  const target = url === undefined ? commandName(command) : targetOf(url)
  await using recording = openRecording(this, { kind: 'mcp-proxy', flags, target })
  // Requests of one session stay together, also where nobody gave it a trace.
  const trace = traceOf(this.env) ?? (inject ? randomBytes(16).toString('hex') : undefined)
  const { delivery, run } = recording
  const known = trace === undefined ? {} : { trace }
  if (url !== undefined) {
    const observed = new Observed({ run, transport: 'http', target, ...known }, delivery)
    const options = {
      upstream: url,
      host: listen?.host ?? '127.0.0.1',
      port: listen?.port ?? 0,
      observed,
      inject,
      trace,
    }
    await listenUntilInterrupted(this, { before: url, start: () => startMcpProxy(options) })
    return
  }
  const observed = new Observed({ run, transport: 'stdio', target, ...known }, delivery)
  const { HOLDFAST_TOKEN: _, ...env } = this.env
  const ended = await runStdio({
    command,
    cwd: this.cwd,
    // What speaks for us to the server is no business of the tools that are watched.
    env,
    observed,
    inject,
    trace,
    input: process.stdin,
    output: process.stdout,
  })
  if (ended.error !== undefined) this.stderr.write(`holdfast: ${inert(ended.error)}\n`)
  this.exitAs(ended.code)
}

/** The program and what it runs, without options, which may hold a key: `npx @modelcontextprotocol/server-filesystem`. */
function commandName([program = '', ...args]: readonly string[]): string {
  const subject = args.find((argument) => !argument.startsWith('-'))
  return subject === undefined ? basename(program) : `${basename(program)} ${subject}`
}
