import type { Agent, Answer, BomRowWire, Query } from '@holdfast/api'
import { baselineOf, toCycloneDx, type BomRow } from '@holdfast/declare'
import { parseRfc3339, type AgentClass, type Component } from '@holdfast/model'
import { RISK_ROWS } from '../roster/limits.ts'
import { riskRows } from '../roster/risks.ts'
import { rosterFindings, unseenFindings } from '../roster/roster-findings.ts'
import type { RosterLog } from '../roster/roster-log.ts'
import { toolStandings } from '../roster/tool-definitions.ts'
import { VERSION } from '../version.ts'
import { QuestionError, type ViewSources } from '../views/view-sources.ts'
import { agentFindings } from './agent-findings.ts'
import { factsOf, type AgentFacts } from './agent-facts.ts'
import { AgentInventory, type Bom } from './bom.ts'
import { categoriesOf } from './bom-categories.ts'
import { bomChanges } from './bom-changes.ts'
import { decode, type InventoryAgent } from './docs.ts'
import { sizeAt } from './find-size.ts'
import { listIdentities, sharedIdentities } from './identities.ts'
import { keys } from './keys.ts'
import { AGENTS_READ } from './limits.ts'
import type { Instant } from './stands.ts'
import { rowWire, timeText } from './wire.ts'

/** Questions on what agents are made of, by route name; the value is what the route's handler needs. */
export type InventoryQuestions = {
  getBom: { readonly agent: string; readonly query: Query<'getBom'> }
  getBomDiff: { readonly agent: string; readonly query: Query<'getBomDiff'> }
  exportBom: { readonly agent: string; readonly query: Query<'exportBom'> }
  listInventoryFindings: { readonly query: Query<'listInventoryFindings'> }
  listIdentities: Readonly<Record<never, never>>
  listToolDefinitions: { readonly agent: string }
  listRisks: { readonly query: Query<'listRisks'> }
}

/** An agent as its profile needs to know it. */
export type AboutAgent = {
  readonly name: string
  readonly class: AgentClass
  readonly classReasons: readonly string[]
  /** What operators stated, by field: the last word in log order. */
  readonly statements: InventoryAgent['statements']
  /** What documents in force state. */
  readonly declaredFacts: Readonly<Record<string, string>>
  readonly declaredTools: readonly string[]
  readonly declaredDestinations: readonly string[]
}

export type InventoryQuestion = keyof InventoryQuestions

const QUESTIONS: ReadonlySet<string> = new Set<InventoryQuestion>([
  'getBom',
  'getBomDiff',
  'exportBom',
  'listInventoryFindings',
  'listIdentities',
  'listToolDefinitions',
  'listRisks',
])

export type InventorySources = ViewSources & { readonly roster: Pick<RosterLog, 'at'> }

/** Past every time that a source can claim: an instant that was not named is after all of them. */
const END = (1n << 64n) - 1n

/** Answers from the inventory projection. */
export class InventoryQueries {
  readonly #sources: InventorySources

  constructor(sources: InventorySources) {
    this.#sources = sources
  }

  /** The route's answer; `undefined` where there is no such thing. Throws `QuestionError`. */
  answer(question: InventoryQuestion, args: unknown): unknown {
    switch (question) {
      case 'getBom':
        return this.#bom(given<'getBom'>(args))
      case 'getBomDiff':
        return this.#diff(given<'getBomDiff'>(args))
      case 'exportBom':
        return this.#export(given<'exportBom'>(args))
      case 'listInventoryFindings':
        return this.#findings(given<'listInventoryFindings'>(args).query)
      case 'listIdentities':
        return listIdentities(this.#sources.store)
      case 'listToolDefinitions':
        return this.#toolDefinitions(given<'listToolDefinitions'>(args).agent)
      case 'listRisks':
        return this.#risks(given<'listRisks'>(args).query)
    }
  }

  /** What is said of an agent in lists; undefined for one that the inventory has not seen yet. */
  facts(agent: string): Pick<Agent, 'class' | 'roster' | 'workload' | 'shadow'> | undefined {
    const inventory = AgentInventory.open(this.#sources.store, agent)
    if (inventory === undefined) return undefined
    // Of a list each row counts: documents are read of those that have some, and what runs of none.
    const documents = inventory.agent.isDeclared ? inventory.documents(this.#instant({})) : []
    const { class: known, roster, workload, isShadow } = factsOf(inventory.agent, statedIn({ documents }))
    return { class: known, roster, workload, shadow: isShadow }
  }

  /** What a profile needs to know of its agent; undefined for one that the inventory has not seen yet. */
  about(agent: string): AboutAgent | undefined {
    const inventory = AgentInventory.open(this.#sources.store, agent)
    if (inventory === undefined) return undefined
    const { documents, components } = inventory.declaring(this.#instant({}))
    const stated = statedIn({ documents })
    const facts = factsOf(inventory.agent, stated)
    const named = (of: Component['kind']): readonly string[] =>
      [...new Set(components.flatMap(({ kind, name }) => (kind === of ? [name] : [])))].toSorted()
    return {
      name: inventory.agent.name,
      class: facts.class,
      classReasons: facts.reasons,
      statements: inventory.agent.statements,
      declaredFacts: stated,
      declaredTools: named('tool'),
      declaredDestinations: named('endpoint'),
    }
  }

  #bom({ agent, query }: InventoryQuestions['getBom']): Answer<'getBom'> | undefined {
    const inventory = AgentInventory.open(this.#sources.store, agent)
    if (inventory === undefined) return undefined
    const instant = this.#instant(query)
    const bom = inventory.at(instant)
    const facts = asOf(factsOf(inventory.agent, statedIn(bom)), { query, bom })
    const sources = { ...this.#sources, inventory, bom, instant, ...this.#roster(instant) }
    const findings = [...agentFindings(sources), ...rosterFindings(sources)]
    return {
      agent,
      name: inventory.agent.name,
      ...(query.at === undefined ? {} : { at: query.at }),
      ...(query.knownAt === undefined ? {} : { knownAt: query.knownAt }),
      entries: instant.size,
      class: facts.class,
      classReasons: [...facts.reasons],
      baseline: facts.baseline,
      workload: facts.workload,
      roster: facts.roster,
      categories: categoriesOf(bom.rows).map(({ category, rows, reason }) => ({
        category,
        state: rows.length === 0 ? ('empty' as const) : ('filled' as const),
        ...(rows.length === 0 ? { reason } : {}),
        rows: rows.map((row): BomRowWire =>
          rowWire(row, row.component.kind === 'model' ? inventory.calls(row.id) : undefined),
        ),
      })),
      documents: bom.documents.map(({ format, document, since }) => ({
        format,
        document,
        since: timeText(since.at),
        entry: since.entry,
      })),
      findings: [...findings, ...sharedIdentities(this.#sources, agent)],
      leftOut: inventory.agent.partsBeyond,
    }
  }

  #diff({ agent, query }: InventoryQuestions['getBomDiff']): Answer<'getBomDiff'> | undefined {
    const inventory = AgentInventory.open(this.#sources.store, agent)
    if (inventory === undefined) return undefined
    const { size } = this.#instant({ knownAt: query.knownAt })
    const from = timeOf(query.from, 'from')
    const to = query.to === undefined ? END : timeOf(query.to, 'to')
    if (from > to) throw new QuestionError(400, 'from lies after to')
    return {
      agent,
      from: query.from,
      ...(query.to === undefined ? {} : { to: query.to }),
      changes: bomChanges({ reader: this.#sources.reader, inventory, size }, { from, to }),
    }
  }

  #export({ agent, query }: InventoryQuestions['exportBom']): Answer<'exportBom'> | undefined {
    const inventory = AgentInventory.open(this.#sources.store, agent)
    if (inventory === undefined) return undefined
    const instant = this.#instant(query)
    const bom = inventory.at(instant)
    const facts = asOf(factsOf(inventory.agent, statedIn(bom)), { query, bom })
    const empty = categoriesOf(bom.rows).filter(({ rows }) => rows.length === 0)
    return toCycloneDx({
      agent: { id: agent, name: inventory.agent.name, class: facts.class },
      version: VERSION,
      // Without an instant the document is of the newest sighting: asking twice gives the same bytes.
      at: query.at === undefined ? newestOf(bom.rows) : instant.at,
      rows: bom.rows,
      emptyReasons: Object.fromEntries(empty.map(({ category, reason }) => [category, reason])),
    })
  }

  #findings({ agent }: Query<'listInventoryFindings'>): Answer<'listInventoryFindings'> {
    const instant = this.#instant({})
    const known = this.#roster(instant)
    const agents = agent === undefined ? this.#agents().map(({ id }) => id) : [agent]
    const own = agents.flatMap((id) => {
      const inventory = AgentInventory.open(this.#sources.store, id)
      if (inventory === undefined) return []
      const sources = { ...this.#sources, inventory, bom: inventory.at(instant), instant, ...known }
      return [...agentFindings(sources), ...rosterFindings(sources)]
    })
    const unseen = agent === undefined ? unseenFindings(known.notAdmitted, this.#agents()) : []
    return { items: [...own, ...unseen, ...sharedIdentities(this.#sources, agent)] }
  }

  #toolDefinitions(agent: string): Answer<'listToolDefinitions'> | undefined {
    const inventory = AgentInventory.open(this.#sources.store, agent)
    if (inventory === undefined) return undefined
    const instant = this.#instant({})
    const bom = inventory.at(instant)
    const { reader } = this.#sources
    const roster = this.#sources.roster.at(instant.size).state
    const standings = toolStandings({ reader, inventory, bom, instant, roster })
    const items = standings.map((standing) => {
      const { texts: _, ...item } = standing
      return item
    })
    return { agent, name: inventory.agent.name, items }
  }

  #risks({ agent }: Query<'listRisks'>): Answer<'listRisks'> {
    const instant = this.#instant({})
    const roster = this.#sources.roster.at(instant.size).state
    const agents = agent === undefined ? this.#agents().map(({ id }) => id) : [agent]
    const items = agents.flatMap((id) => {
      const inventory = AgentInventory.open(this.#sources.store, id)
      return inventory === undefined ? [] : riskRows({ inventory, bom: inventory.at(instant), roster })
    })
    return { items: items.slice(0, RISK_ROWS), cut: items.length > RISK_ROWS }
  }

  /** As the log held it by then, and whether anybody keeps one. */
  #roster({ size }: Instant) {
    const { state: roster, notAdmitted } = this.#sources.roster.at(size)
    return { roster, notAdmitted, isRosterKept: this.#isRosterKept() }
  }

  #agents(): readonly InventoryAgent[] {
    const rows = this.#sources.store.scan({ prefix: keys.agents(), limit: AGENTS_READ })
    return rows.map(([, bytes]) => decode<InventoryAgent>(bytes))
  }

  #isRosterKept(): boolean {
    return this.#agents().some(({ isDeclared }) => isDeclared)
  }

  #instant({ at, knownAt }: { readonly at?: string | undefined; readonly knownAt?: string | undefined }): Instant {
    const { reader, store } = this.#sources
    return {
      at: at === undefined ? END : timeOf(at, 'at'),
      // What is not folded yet is not known here, however long the log is.
      size: knownAt === undefined ? store.cursor : Math.min(store.cursor, sizeAt(reader, timeOf(knownAt, 'knownAt'))),
    }
  }
}

/**
 * What an agent is, is put together from all acts that the log has, whenever they were. At an instant at which nothing was known
 * of it that says nothing; at any other it is told as what it is.
 */
function asOf(
  facts: AgentFacts,
  { query: { at, knownAt }, bom }: { readonly query: Query<'getBom'>; readonly bom: Bom },
): AgentFacts {
  if (at === undefined && knownAt === undefined) return facts
  if (bom.rows.length === 0 && bom.documents.length === 0)
    return {
      ...facts,
      class: 'unclassified',
      reasons: ['nothing that it is made of was known at that instant'],
      baseline: baselineOf('unclassified').digest,
    }
  return { ...facts, reasons: [...facts.reasons, 'by all that is known of it now, not at that instant alone'] }
}

export function isInventoryQuestion(question: string): question is InventoryQuestion {
  return QUESTIONS.has(question)
}

function given<Q extends InventoryQuestion>(args: unknown): InventoryQuestions[Q] {
  return args as InventoryQuestions[Q] // ViewsClient.ask types the arguments by the question they came with
}

function timeOf(text: string, name: string): bigint {
  const time = parseRfc3339(text)
  if (time === undefined)
    throw new QuestionError(400, `${name} is no time in RFC 3339 with a zone: "${text.slice(0, 60)}"`)
  return time
}

function statedIn({ documents }: Pick<Bom, 'documents'>): Readonly<Record<string, string>> {
  return Object.assign({}, ...documents.map(({ facts }) => facts)) as Readonly<Record<string, string>> // all of them are such records
}

function newestOf(rows: readonly BomRow[]): bigint {
  const times = rows.flatMap(({ declared, loaded, called }) => [declared?.last, loaded?.last, called?.last])
  return times.reduce<bigint>((newest, time) => (time !== undefined && time > newest ? time : newest), 0n)
}
