import { hash } from 'node:crypto'
import type { InventoryFindingWire } from '@holdfast/api'
import { approvalKey, approvedOf, rosterEntryOf } from '@holdfast/declare'
import type { InventoryAgent } from '../inventory/docs.ts'
import { factsOf } from '../inventory/agent-facts.ts'
import { timeText } from '../inventory/wire.ts'
import { handOverFindings } from './hand-over-findings.ts'
import { memoryFindings } from './memory-findings.ts'
import type { NotAdmitted, NotAdmittedStarts } from './not-admitted.ts'
import { residencyFindings } from './residency-findings.ts'
import { toolStandings, type DefinitionSources, type ToolStanding } from './tool-definitions.ts'

export type RosterFindingSources = DefinitionSources & { readonly notAdmitted: NotAdmittedStarts }

/** Where one agent is not what the roster and the approvals of its tools say. */
export function rosterFindings(sources: RosterFindingSources): readonly InventoryFindingWire[] {
  const { id, name } = sources.inventory.agent
  const names = id === name ? [id] : [id, name]
  return [
    ...outsideRoster(sources),
    ...names.flatMap((one) => sources.notAdmitted.of(one)).map((starts) => notAdmittedFinding(id, starts)),
    ...unapprovedTools(sources),
    ...handOverFindings(sources),
    ...residencyFindings(sources),
    ...memoryFindings(sources),
  ]
}

/** Agents that were to start, were not admitted, and never showed themselves otherwise. */
export function unseenFindings(
  notAdmitted: NotAdmittedStarts,
  agents: readonly Pick<InventoryAgent, 'id' | 'name'>[],
): readonly InventoryFindingWire[] {
  const known = new Set(agents.flatMap(({ id, name }) => [id, name]))
  return notAdmitted
    .all()
    .filter(({ agent }) => !known.has(agent))
    .map((starts) => notAdmittedFinding(starts.agent, starts))
}

function outsideRoster({ roster, inventory, instant }: DefinitionSources): readonly InventoryFindingWire[] {
  const { agent } = inventory
  const { client } = agent
  if (!roster.isKept || client === null || factsOf(agent).workload !== 'agent') return []
  if (BigInt(client.at) > instant.at || client.entry >= instant.size) return []
  const entry = rosterEntryOf(roster, [agent.id, agent.name])
  if (entry?.state === 'active') return []
  return [
    {
      id: idOf('outside-roster', agent.id),
      kind: 'outside-roster',
      agent: agent.id,
      title: `${agent.name} runs and ${entry === undefined ? 'is not in the roster' : 'is retired'}`,
      detail: `the roster is ${roster.mode}`,
      since: timeText(BigInt(client.at)),
      proof: [client.entry],
    },
  ]
}

function notAdmittedFinding(
  agent: string,
  { agent: name, kind, since, times, outcome, reasons, entries }: NotAdmitted,
): InventoryFindingWire {
  return {
    id: idOf(kind, name),
    kind,
    agent,
    title:
      kind === 'impersonation'
        ? `somebody bore the name ${name} and was refused`
        : `${name} was to start and was ${outcome === 'refused' ? 'refused' : 'let through with a report'}`,
    detail: `${reasons.join('; ')}${times === 1 ? '' : `; ${times} times`}`,
    since,
    proof: [...entries],
  }
}

function unapprovedTools(sources: DefinitionSources): readonly InventoryFindingWire[] {
  const { agent } = sources.inventory
  // Before anything of an agent was approved, that nothing is approved is no news.
  if (approvedOf(sources.roster, [agent.id, agent.name], undefined).length === 0) return []
  return toolStandings(sources).flatMap((tool) => {
    const { state, since, entry } = tool
    if ((state !== 'changed' && state !== 'unapproved') || since === undefined || entry === undefined) return []
    return [unapprovedTool(sources, { ...tool, since, entry })]
  })
}

type Seen = ToolStanding & { readonly since: string; readonly entry: number }

function unapprovedTool({ roster, inventory }: DefinitionSources, seen: Seen): InventoryFindingWire {
  const { server, tool, state, definition, since, entry, texts, by } = seen
  const { id, name } = inventory.agent
  const [approval] = approvedOf(roster, [id, name], server)
  const decided = approval === undefined ? undefined : roster.decidedBy.get(approvalKey(approval))
  const approved =
    decided === undefined ? 'nothing of this server was approved' : `approved by ${decided.by} at ${decided.at}`
  return {
    id: idOf('tool-unapproved', JSON.stringify([id, server, tool, definition])),
    kind: 'tool-unapproved',
    agent: id,
    title:
      state === 'changed'
        ? `tool ${tool} of ${server} is not as it was approved`
        : `tool ${tool} of ${server} was never approved`,
    detail: `${approved}; ${by === undefined ? 'no recorded change explains it' : 'a recorded change explains it'}`,
    since,
    proof: [...(decided === undefined ? [] : [decided.entry]), entry],
    ...(definition === undefined ? {} : { observed: { kind: 'tool', name: tool, digest: definition } }),
    ...(seen.approved === undefined ? {} : { declared: [{ kind: 'tool', name: tool, digest: seen.approved }] }),
    ...(texts === undefined ? {} : { before: texts[0], after: texts[1] }),
    ...(by === undefined ? {} : { by }),
  }
}

function idOf(kind: string, of: string): string {
  return `${kind}:${hash('sha256', of, 'hex').slice(0, 24)}`
}
