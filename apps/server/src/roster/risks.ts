import type { RiskRowWire } from '@holdfast/api'
import { approvalKey, approvedOf, rosterEntryOf, type Part, type RosterState } from '@holdfast/declare'
import type { ComponentKind } from '@holdfast/model'
import type { AgentInventory, Bom } from '../inventory/bom.ts'
import { timeText } from '../inventory/wire.ts'

export type RiskSources = {
  readonly inventory: AgentInventory
  readonly bom: Bom
  readonly roster: RosterState
}

type Control = RiskRowWire['controls'][number]

/** What of an agent is at risk; the other kinds of component come with these. */
const RISKS: Readonly<Partial<Record<ComponentKind, RiskRowWire['risk']>>> = {
  identity: 'identity',
  'data-source': 'data',
  'memory-store': 'data',
  tool: 'tool',
  'mcp-server': 'tool',
  skill: 'tool',
  delegate: 'tool',
  model: 'model',
  adapter: 'model',
}

/**
 * Rows of the register for one agent: everything it ever was seen or declared to have, whether it has it still or not, with
 * the controls that are on record. What one name means in several versions is one row, because the risk is the name's.
 */
export function riskRows(sources: RiskSources): readonly RiskRowWire[] {
  const { inventory, bom } = sources
  const inForce = new Set(bom.rows.flatMap(({ id, also }) => [id, ...also]))
  const groups = Map.groupBy(inventory.parts(), ({ component: { kind, name }, details }) =>
    JSON.stringify([RISKS[kind] ?? '', kind, kind === 'tool' ? (details['server']?.[0] ?? '') : '', name]),
  )
  return [...groups]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, parts]) => {
      const [part] = parts
      const risk = part === undefined ? undefined : RISKS[part.component.kind]
      if (part === undefined || risk === undefined) return []
      const spans = parts.flatMap(({ sights }) => Object.values(sights))
      const times = spans.flatMap(({ first, last }) => [first, last]).toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0))
      return [
        {
          agent: inventory.agent.id,
          agentName: inventory.agent.name,
          risk,
          name: part.component.name,
          kind: part.component.kind,
          first: timeText(times[0] ?? 0n),
          last: timeText(times.at(-1) ?? 0n),
          current: parts.some(({ id }) => inForce.has(id)),
          proof: [...new Set(spans.flatMap(({ firstEntry, lastEntry }) => [firstEntry, lastEntry]))].toSorted(
            (a, b) => a - b,
          ),
          controls: controlsOf(sources, { risk, parts }),
        },
      ]
    })
}

function controlsOf(
  { inventory, bom, roster }: RiskSources,
  { risk, parts }: { readonly risk: RiskRowWire['risk']; readonly parts: readonly Part[] },
): Control[] {
  const { agent } = inventory
  const names = [agent.id, agent.name]
  const controls: Control[] = []
  const ids = new Set(parts.map(({ id }) => id))
  const declared = bom.rows.flatMap((row) =>
    row.declared !== undefined && [row.id, ...row.also].some((id) => ids.has(id)) ? [row.declared] : [],
  )
  if (declared.length > 0) {
    const entries = declared.flatMap(({ firstEntry, lastEntry }) => [firstEntry, lastEntry])
    controls.push({ control: 'declaration', detail: 'a document in force declares it', entries: [...new Set(entries)] })
  }
  if (risk === 'tool') controls.push(...approvalsOf(roster, { names, parts }))
  const entry = rosterEntryOf(roster, names)
  const decided = entry === undefined ? undefined : roster.decidedBy.get(entry.agent)
  if (risk === 'data' && entry?.state === 'active' && decided !== undefined && entry.dataClasses.length > 0) {
    const detail = `the roster admits ${entry.dataClasses.join(', ')}`
    controls.push({ control: 'roster-data-class', detail, entries: [decided.entry] })
  }
  const owner = agent.statements['owner']
  if (risk === 'identity' && owner !== undefined)
    controls.push({ control: 'owner', detail: `owned by ${owner.value}`, entries: [owner.entry] })
  else if (risk === 'identity' && entry?.state === 'active' && decided !== undefined)
    controls.push({ control: 'owner', detail: `owned by ${entry.owner}`, entries: [decided.entry] })
  return controls
}

function approvalsOf(
  roster: RosterState,
  { names, parts }: { readonly names: readonly string[]; readonly parts: readonly Part[] },
): readonly Control[] {
  return approvedOf(roster, names, undefined).flatMap((approved) => {
    const tool = approved.tools.find(({ name, definition }) =>
      parts.some(({ component, details }) => {
        const isOfServer = details['server']?.includes(approved.server) === true
        return isOfServer && component.name === name && component.digest === definition
      }),
    )
    const entry = roster.decidedBy.get(approvalKey(approved))?.entry
    if (tool === undefined || entry === undefined) return []
    return [
      {
        control: 'tool-approval' as const,
        detail: `definition ${tool.definition.slice(0, 12)} of ${approved.server} is approved`,
        entries: [entry],
      },
    ]
  })
}
