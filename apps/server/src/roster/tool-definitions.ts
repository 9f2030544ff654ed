import type { ToolDefinitionWire } from '@holdfast/api'
import { approvalKey, approvedOf, explained, type RosterState, type Stand } from '@holdfast/declare'
import type { LogReader } from '@holdfast/recorder'
import type { AgentInventory, Bom } from '../inventory/bom.ts'
import { toolTextAt, type ToolText } from '../inventory/tool-text.ts'
import { changeWire, timeText } from '../inventory/wire.ts'
import type { Instant } from '../inventory/stands.ts'

export type DefinitionSources = {
  readonly reader: LogReader
  readonly inventory: AgentInventory
  readonly bom: Bom
  readonly instant: Instant
  readonly roster: RosterState
}

/** A tool's definition against its approval, with both texts where they differ. */
export type ToolStanding = ToolDefinitionWire & { readonly texts?: readonly [before: ToolText, after: ToolText] }

/** Every tool that a proxy saw a server offer, or that was approved; told in order of server and name. */
export function toolStandings(sources: DefinitionSources): readonly ToolStanding[] {
  const { inventory, bom, roster } = sources
  const names = [inventory.agent.id, inventory.agent.name]
  const inForce = new Set(bom.rows.flatMap(({ id, also }) => [id, ...also]))
  const seen = bom.stands.filter(
    ({ part, loaded }) => part.component.slot?.startsWith('tool:') === true && loaded !== undefined,
  )
  const offered = seen.filter(({ part }) => inForce.has(part.id))
  const rows = offered.map((stand) => standing(sources, { stand, seen, names }))
  const known = new Set(rows.map(({ server, tool }) => JSON.stringify([server, tool])))
  const gone = approvedOf(roster, names, undefined).flatMap((approved) =>
    approved.tools
      .filter(({ name }) => !known.has(JSON.stringify([approved.server, name])))
      .map(({ name, definition }): ToolStanding => {
        const approvedEntry = roster.decidedBy.get(approvalKey(approved))?.entry
        return {
          server: approved.server,
          tool: name,
          state: 'not-offered',
          approved: definition,
          ...(approvedEntry === undefined ? {} : { approvedEntry }),
        }
      }),
  )
  return [...rows, ...gone].toSorted((a, b) => (`${a.server}\n${a.tool}` < `${b.server}\n${b.tool}` ? -1 : 1))
}

function standing(
  { reader, inventory, roster, instant }: DefinitionSources,
  { stand, seen, names }: { readonly stand: Stand; readonly seen: readonly Stand[]; readonly names: readonly string[] },
): ToolStanding {
  const { component, details } = stand.part
  const server = details['server']?.[0] ?? ''
  const [approval] = approvedOf(roster, names, server)
  const approved = approval?.tools.filter(({ name }) => name === component.name) ?? []
  const isApproved = approved.some(({ definition }) => definition === component.digest)
  const first = stand.loaded?.first
  const row: ToolStanding = {
    server,
    tool: component.name,
    ...(component.digest === undefined ? {} : { definition: component.digest }),
    state: isApproved ? 'approved' : approved.length > 0 ? 'changed' : 'unapproved',
    ...(first === undefined ? {} : { since: timeText(first.at), entry: first.entry }),
    ...(approval === undefined ? {} : { approvedEntry: roster.decidedBy.get(approvalKey(approval))?.entry ?? 0 }),
  }
  const wanted = approved[0]?.definition
  if (wanted === undefined || isApproved || first === undefined) {
    return { ...row, ...(isApproved && component.digest !== undefined ? { approved: component.digest } : {}) }
  }
  const old = seen.find(({ part }) => part.component.slot === component.slot && part.component.digest === wanted)
  const after = toolTextAt(reader, component, first.entry)
  const { by } = explained(
    { change: 'changed', kind: 'tool', name: component.name, when: first, proof: [], tools: [] },
    inventory.changes(instant.size),
  )
  const before = old?.loaded === undefined ? undefined : toolTextAt(reader, old.part.component, old.loaded.first.entry)
  return {
    ...row,
    approved: wanted,
    ...(before?.state === 'captured' ? { before: before.description } : {}),
    ...(after.state === 'captured' ? { after: after.description } : {}),
    ...(by === undefined ? {} : { by: changeWire(by) }),
    ...(before === undefined ? {} : { texts: [before, after] as const }),
  }
}
