import { type EventId, type EventSummary, formatRfc3339 } from '@holdfast/model'
import type { IncidentReport } from '@holdfast/respond'
import { REPORT_TOOLS, TOOL_ENTRIES } from './limits.ts'

type Tool = IncidentReport['tools'][number]
type Used = {
  readonly agent: string
  readonly name: string
  readonly calls: Map<string, EventSummary>
  readonly failed: Set<string>
  isNamed: boolean
}

type Told = {
  /** Events that a finding rests on. */
  readonly named: ReadonlySet<EventId>
  /** The act that an event tells of: a call that two tellers tell of is one call. */
  readonly actOf: (event: EventId) => string
}

/** Tools that were called, by agent, those of a finding first. */
export function toolsOf(events: readonly EventSummary[], { named, actOf }: Told): readonly Tool[] {
  const used = new Map<string, Used>()
  for (const event of events) {
    const { body, agent } = event
    if (body.kind !== 'tool-call' && body.kind !== 'tool-result') continue
    const key = JSON.stringify([agent.id, body.toolName])
    const tool = used.get(key) ?? {
      agent: agent.id,
      name: body.toolName,
      calls: new Map<string, EventSummary>(),
      failed: new Set<string>(),
      isNamed: false,
    }
    used.set(key, tool)
    tool.isNamed ||= named.has(event.id)
    const act = actOf(event.id)
    const known = tool.calls.get(act)
    if (body.kind === 'tool-call' && (known === undefined || event.claimedAt < known.claimedAt))
      tool.calls.set(act, event)
    if (body.kind === 'tool-result' && body.error !== undefined) tool.failed.add(act)
  }
  return [...used.values()]
    .map(toolOf)
    .toSorted((a, b) => Number(b.isNamed) - Number(a.isNamed) || b.calls - a.calls || (a.name < b.name ? -1 : 1))
    .slice(0, REPORT_TOOLS)
}

function toolOf({ agent, name, calls, failed, isNamed }: Used): Tool {
  const ordered = [...calls.values()].toSorted((a, b) => (a.claimedAt < b.claimedAt ? -1 : 1))
  const [first] = ordered
  const last = ordered.at(-1)
  const server = ordered.flatMap(({ body }) => (body.kind === 'tool-call' ? (body.server ?? []) : []))[0]
  return {
    agent,
    name,
    ...(server === undefined ? {} : { server }),
    calls: calls.size,
    failed: failed.size,
    first: first === undefined ? 'not seen' : formatRfc3339(first.claimedAt),
    last: last === undefined ? 'not seen' : formatRfc3339(last.claimedAt),
    isNamed,
    entries: ordered.slice(0, TOOL_ENTRIES).map(({ entry }) => entry),
  }
}
