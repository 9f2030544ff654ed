import { randomBytes } from 'node:crypto'
import {
  bothGates,
  HoldGate,
  LISTENING_CLOSE_MS,
  matchesWhole,
  type MessageGate,
  Observed,
  runStdio,
  startMcpProxy,
  ToolGate,
  traceOf,
  type TriedPath,
  type TriedProxy,
} from '@holdfast/proxy'
import { CliError } from '../../cli-error.ts'
import type { CliContext } from '../../context.ts'
import { inert } from '../../render/inert.ts'
import { listenUntilInterrupted, targetOf } from '../../proxy/listening.ts'
import { admitIfServed, presentedBy, requireAdmitted, type Presented } from '../../roster/admission.ts'
import { approvalsOf, followRoster, sayWithoutRules, type FollowedRoster } from '../../roster/follow-roster.ts'
import { openApi } from '../../server/api.ts'
import { readVerifierKey } from '../verifier-key.ts'
import { openOrders, type OrdersOptions } from '../../proxy/orders.ts'
import { openRecording } from '../../proxy/recording.ts'
import { policyGate } from './policy-gate.ts'
import { commandName } from './command-name.ts'
import { checkHandOverFlags, handOverEnd, isHandingOver } from './hand-over.ts'
import { memoryGate } from './memory.ts'
import type { McpFlags } from './command.ts'

/** Passes the messages of an MCP session on and records them. */
export async function runMcp(this: CliContext, flags: McpFlags, ...command: readonly string[]): Promise<void> {
  const { url, inject, listen } = flags
  if ((url === undefined) === (command.length === 0)) {
    throw new CliError('usage', 'name one server: its command after --, or its address with --url')
  }
  const target = url === undefined ? commandName(command) : targetOf(url)
  const presented = presentedBy(this, flags)
  checkHandOverFlags(flags, presented)
  const policy = await policyGate(this, flags)
  using roster = await prepared(this, flags, presented)
  await using recording = openRecording(this, {
    kind: 'mcp-proxy',
    flags,
    target,
    ...(url === undefined ? {} : { closeMs: LISTENING_CLOSE_MS }),
  })
  // Requests of one session stay together, also where nobody gave it a trace.
  const trace = traceOf(this.env) ?? (inject ? randomBytes(16).toString('hex') : undefined)
  const { delivery, run, source, spool } = recording
  const transport = url === undefined ? 'stdio' : 'http'
  let path: TriedPath | undefined
  const observed = new Observed(
    { run, transport, target, ...(trace === undefined ? {} : { trace }) },
    delivery,
    // Until the orders are known, nothing has passed that could change.
    () => orders.changed(),
  )
  const server = (): ReturnType<OrdersOptions['server']> => ({
    ...(observed.server === undefined ? {} : { server: observed.server }),
    ...(observed.catalogue === undefined ? {} : { catalogue: observed.catalogue }),
  })
  await using orders = await openOrders(this, { flags, source, spool, server, path: () => path })
  const holds = new HoldGate({
    orders: orders.inForce,
    server: () => observed.server,
    offered: () => observed.catalogue?.tools ?? [],
    matches: matchesWhole,
  })
  const behind = [
    ...(roster === undefined || flags.pins === 'report'
      ? []
      : [new ToolGate(() => approvalsOf(roster.current(), presented.agent))]),
    ...(policy === undefined ? [] : [policy]),
    ...(roster === undefined || flags.memory === 'report' ? [] : [memoryGate(roster, { spool, target })]),
  ]
  const gate = behind.reduce<MessageGate>(bothGates, holds)
  const reachesClient = (message: Buffer): Buffer | undefined => {
    const verdict = gate.toClient(message)
    return verdict.do === 'pass' ? message : verdict.do === 'replace' ? verdict.bytes : undefined
  }
  const handOver = roster && handOverEnd(this, flags, { presented, roster: roster.current })
  if (url !== undefined) {
    const start = async (): Promise<TriedProxy> => {
      const proxy = await startMcpProxy({
        upstream: url,
        host: listen?.host ?? '127.0.0.1',
        port: listen?.port ?? 0,
        observed,
        inject,
        trace,
        gate,
        ...(handOver === undefined ? {} : { handOver }),
      })
      path = { reachesServer: proxy.reachesUpstream, reachesClient }
      return proxy
    }
    await listenUntilInterrupted(this, { before: url, start })
    return
  }
  const { HOLDFAST_TOKEN: _, HOLDFAST_AGENT_KEY: __, ...env } = this.env
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
    gate,
    onPath: (stood) => (path = stood),
  })
  if (ended.error !== undefined) this.stderr.write(`holdfast: ${inert(ended.error)}\n`)
  this.exitAs(ended.code)
}

/** Asks the roster where a server can be asked; what is to be enforced must be known. */
async function prepared(
  context: CliContext,
  flags: McpFlags,
  presented: Presented,
): Promise<FollowedRoster | undefined> {
  if (flags.pins === 'report' && flags.memory === 'report' && !isHandingOver(flags)) {
    await admitIfServed(context, flags, presented)
    return undefined
  }
  const api = openApi(context, flags)
  await requireAdmitted(context, api, presented)
  const { key } = readVerifierKey(context.cwd, flags.rosterKey)
  const roster = await followRoster(context, api, { key })
  if (flags.memory === 'enforce') sayWithoutRules(context, roster)
  return roster
}
