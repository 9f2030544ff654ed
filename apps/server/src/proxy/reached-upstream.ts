import { readMcpEntry } from '@holdfast/capture'
import type { LogEntry, ProxyHold, ProxyOrder, UnixNano } from '@holdfast/model'
import type { LogReader } from '@holdfast/recorder'
import { REACHED_ENTRIES } from './limits.ts'
import type { HoldCheck } from './online-proxies.ts'

type Since = { readonly state: string; readonly at: UnixNano; readonly position: number }

/**
 * Whether a call that the order holds went on to the server since a proxy acknowledged it, by what the proxies recorded:
 * evidence that does not rest on the order's own path. Empty where the hold is not about calls, or nobody acknowledged it.
 */
export function reachedUpstream(
  reader: Pick<LogReader, 'withTerm' | 'size'>,
  { agent, server, hold }: ProxyOrder,
  words: ReadonlyMap<string, Since>,
): readonly HoldCheck[] {
  const tools = heldTools(hold)
  const acknowledged = [...words].filter(([, { state }]) => state === 'acknowledged')
  if (tools === undefined || acknowledged.length === 0) return []
  const since = new Map(acknowledged)
  const from = Math.min(...acknowledged.map(([, { position }]) => position))
  const terms = tools === 'all' ? [`agent:${agent}`] : tools.map((tool) => `tool:${tool}`.slice(0, 300))
  let looked = 0
  const reached = new Set<number>()
  for (const term of terms) {
    for (const entry of reader.withTerm(term, { from })) {
      looked += 1
      if (looked > REACHED_ENTRIES) return [{ way: 'recorded calls', held: false, untried: true, detail: TOO_MANY }]
      if (entry.envelope.agent === agent && isReached(entry, { tools, server, since })) reached.add(entry.index)
    }
  }
  const [first] = reached
  const detail =
    first === undefined
      ? 'no call of it is recorded as passed on since the proxy acknowledged the order'
      : `${reached.size} calls were passed on since, the first is log entry ${first}`
  return [{ way: 'recorded calls', held: first === undefined, detail }]
}

const TOO_MANY = `more than ${REACHED_ENTRIES} entries since: not all could be looked at`

/** Tools whose calls may not go on; undefined where the hold lets some calls of every tool pass. */
function heldTools(hold: ProxyHold): readonly string[] | 'all' | undefined {
  switch (hold.kind) {
    case 'withdraw-tool':
      return [hold.tool]
    case 'close-channel':
      return hold.tool === undefined ? undefined : [hold.tool]
    case 'hold-memory':
      return hold.tools
    case 'quarantine-server':
      return 'all'
    case 'pin-catalogue':
    case 'guard-arguments':
    case 'quarantine-item':
    case 'freeze-model':
      return undefined
  }
}

function isReached(
  { envelope, body }: LogEntry,
  held: {
    readonly tools: readonly string[] | 'all'
    readonly server: string | undefined
    readonly since: ReadonlyMap<string, Since>
  },
): boolean {
  if (envelope.channel !== 'mcp-proxy' || body === undefined) return false
  const frame = readMcpEntry(body)?.frame
  if (frame === undefined || frame.direction !== 'to-server' || frame.isStopped === true) return false
  if (held.server !== undefined && frame.server !== undefined && frame.server.name !== held.server) return false
  // A run's sessions are named after it, and its clock is that of the acknowledgement where both are on one host.
  const since = held.since.get(frame.session.slice(0, 16))
  if (since === undefined || frame.at <= since.at) return false
  return frame.calls.some(
    ({ method, subject }) => method === 'tools/call' && (held.tools === 'all' || held.tools.includes(subject ?? '')),
  )
}
