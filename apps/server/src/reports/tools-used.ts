import { type EventId, type EventSummary, formatRfc3339 } from '@holdfast/model'
import type { IncidentReport } from '@holdfast/respond'
import { REPORT_TOOLS, TOOL_ENTRIES } from './limits.ts'

type Tool = IncidentReport['tools'][number]
type Used = { readonly agent: string; readonly name: string; readonly calls: EventSummary[]; failed: number }

/** Tools that were called, by agent, those of a finding first. `named`: events that a finding rests on. */
export function toolsOf(events: readonly EventSummary[], named: ReadonlySet<EventId>): readonly Tool[] {
  const used = new Map<string, Used>()
  for (const event of events) {
    const { body, agent } = event
    if (body.kind !== 'tool-call' && body.kind !== 'tool-result') continue
    const key = JSON.stringify([agent.id, body.toolName])
    const tool = used.get(key) ?? { agent: agent.id, name: body.toolName, calls: [], failed: 0 }
    used.set(key, tool)
    if (body.kind === 'tool-call') tool.calls.push(event)
    else if (body.error !== undefined) tool.failed += 1
  }
  return [...used.values()]
    .map((tool) => toolOf(tool, named))
    .toSorted((a, b) => Number(b.isNamed) - Number(a.isNamed) || b.calls - a.calls || (a.name < b.name ? -1 : 1))
    .slice(0, REPORT_TOOLS)
}

function toolOf({ agent, name, calls, failed }: Used, named: ReadonlySet<EventId>): Tool {
  const ordered = calls.toSorted((a, b) => (a.claimedAt < b.claimedAt ? -1 : 1))
  const [first] = ordered
  const last = ordered.at(-1)
  const server = ordered.flatMap(({ body }) => (body.kind === 'tool-call' ? (body.server ?? []) : []))[0]
  return {
    agent,
    name,
    ...(server === undefined ? {} : { server }),
    calls: calls.length,
    failed,
    first: first === undefined ? 'not seen' : formatRfc3339(first.claimedAt),
    last: last === undefined ? 'not seen' : formatRfc3339(last.claimedAt),
    isNamed: ordered.some(({ id }) => named.has(id)),
    entries: ordered.slice(0, TOOL_ENTRIES).map(({ entry }) => entry),
  }
}
