import { hash } from 'node:crypto'
import type { InventoryFindingWire } from '@holdfast/api'
import { explained, manifestFindings, type BomRow, type Mark, type Part, type RecordedChange } from '@holdfast/declare'
import type { Component } from '@holdfast/model'
import type { LogReader } from '@holdfast/recorder'
import type { AgentInventory, Bom } from './bom.ts'
import type { CatalogueDoc } from './docs.ts'
import { factsOf } from './agent-facts.ts'
import { directoryFindings } from './directory.ts'
import { toolTextAt } from './tool-text.ts'
import { changeWire, componentWire, timeText } from './wire.ts'
import type { Instant } from './stands.ts'

export type FindingSources = {
  readonly reader: LogReader
  readonly inventory: AgentInventory
  readonly bom: Bom
  readonly instant: Instant
  /** True where anything was declared of any agent: only then is an undeclared one news though it tells of itself. */
  readonly isRosterKept: boolean
}

/** All findings of one agent at an instant, the oldest first. */
export function agentFindings(sources: FindingSources): readonly InventoryFindingWire[] {
  const { inventory, bom } = sources
  const agent = inventory.agent.id
  const manifest = manifestFindings(bom.rows).map((finding): InventoryFindingWire => {
    const names = finding.kind === 'declared-differs' ? finding.declared.map(nameOf).join(', ') : ''
    const { observed } = finding
    const title =
      finding.kind === 'declared-differs'
        ? `${observed.kind} ${nameOf(observed)} runs where ${names} is declared`
        : `${observed.kind} ${nameOf(observed)} runs and is declared nowhere`
    return {
      id: idOf(finding.kind, agent, observed),
      kind: finding.kind,
      agent,
      title,
      detail: finding.kind === 'declared-differs' ? 'manifest and process differ' : 'observed only',
      since: timeText(finding.since),
      proof: [...finding.proof],
      observed: componentWire(observed),
      ...(finding.kind === 'declared-differs' ? { declared: finding.declared.map(componentWire) } : {}),
    }
  })
  const directory = directoryFindings(sources.inventory.agent, sources.instant)
  return [...unknownAgent(sources), ...directory, ...manifest, ...alteredTools(sources)].toSorted((a, b) =>
    a.since === b.since ? (a.id < b.id ? -1 : 1) : a.since < b.since ? -1 : 1,
  )
}

function unknownAgent({ inventory, instant, isRosterKept }: FindingSources): readonly InventoryFindingWire[] {
  const { agent } = inventory
  const { isShadow, workload } = factsOf(agent)
  const { client } = agent
  if (client === null || workload !== 'agent' || agent.isDeclared) return []
  if (BigInt(client.at) > instant.at || client.entry >= instant.size) return []
  if (!isShadow && !isRosterKept) return []
  return [
    {
      id: `unknown-agent:${hash('sha256', agent.id, 'hex').slice(0, 24)}`,
      kind: 'unknown-agent',
      agent: agent.id,
      title: `${agent.name} calls a model and nobody declared it`,
      detail: isShadow
        ? 'it sends no telemetry of its own: only the kernel or its traffic shows it'
        : 'it is in no document and no roster statement',
      since: timeText(BigInt(client.at)),
      proof: [client.entry],
    },
  ]
}

/** Successive definitions of one tool in one place. */
export function alteredTools(sources: FindingSources): readonly InventoryFindingWire[] {
  const { inventory, bom, instant } = sources
  const changes = inventory.changes(instant.size)
  const catalogues = inventory.catalogues()
  const tools = bom.stands.flatMap(({ part, loaded }) =>
    part.component.kind === 'tool' && part.component.digest !== undefined && loaded !== undefined
      ? [{ part, first: loaded.first }]
      : [],
  )
  const slots = Map.groupBy(tools, ({ part }) => part.component.slot ?? '')
  const whole = new Set(
    [...slots]
      .filter(([slot, all]) => slot.startsWith('tool:') && all.length > 1)
      .map(([, all]) => all[0]?.part.component.name),
  )
  return [...slots].flatMap(([slot, all]) => {
    const isTold = slot.startsWith('tool-as-told:')
    if (isTold && whole.has(all[0]?.part.component.name)) return []
    const versions = all.toSorted((a, b) =>
      a.first.at === b.first.at ? a.first.entry - b.first.entry : a.first.at < b.first.at ? -1 : 1,
    )
    return versions.slice(1).flatMap((fresh, i) => {
      const old = versions[i]
      return old === undefined
        ? []
        : [alteredTool(sources, { old, fresh, changes, catalogues: isTold ? [] : catalogues })]
    })
  })
}

type Version = { readonly part: Part; readonly first: Mark }
type Altered = {
  readonly old: Version
  readonly fresh: Version
  readonly changes: readonly RecordedChange[]
  readonly catalogues: readonly CatalogueDoc[]
}

function alteredTool(
  { reader, inventory }: FindingSources,
  { old, fresh, changes, catalogues }: Altered,
): InventoryFindingWire {
  const { component, details } = fresh.part
  const server = details['server']?.[0]
  const listing = catalogues
    .filter((one) => one.server === server && one.tools.some(({ definition }) => definition === component.digest))
    .toSorted((a, b) => (BigInt(a.first) < BigInt(b.first) ? -1 : 1))[0]
  const announced = listing === undefined ? 'not-watched' : listing.announced ? 'announced' : 'unannounced'
  const { by } = explained(
    { change: 'changed', kind: 'tool', name: component.name, when: fresh.first, proof: [], tools: [] },
    changes,
  )
  return {
    id: idOf('tool-altered', inventory.agent.id, component),
    kind: 'tool-altered',
    agent: inventory.agent.id,
    title: `the definition of tool ${component.name}${server === undefined ? '' : ` of ${server}`} changed`,
    detail: {
      announced: 'the server said beforehand that its tools had changed',
      unannounced: 'the server did not say that its tools had changed',
      'not-watched': 'nobody watched the server: the change was seen in what the model was told',
    }[announced],
    since: timeText(fresh.first.at),
    proof: [old.first.entry, fresh.first.entry],
    before: toolTextAt(reader, old.part.component, old.first.entry),
    after: toolTextAt(reader, component, fresh.first.entry),
    announced,
    ...(by === undefined ? {} : { by: changeWire(by) }),
  }
}

function nameOf({ name, version }: Pick<Component, 'name' | 'version'>): string {
  return version === undefined ? name : `${name} ${version}`
}

function idOf(kind: string, agent: string, { kind: of, name, version, digest }: BomRow['component']): string {
  return `${kind}:${hash('sha256', JSON.stringify([agent, of, name, version ?? '', digest ?? '']), 'hex').slice(0, 24)}`
}
