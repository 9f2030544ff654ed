import type { Answer, Query } from '@holdfast/api'
import type { StepsOfWork } from '@holdfast/detect'
import { formatRfc3339, parseUnixNanoText } from '@holdfast/model'
import type { ScopeReport } from '@holdfast/observe'
import type { LogReader, ProjectionStore } from '@holdfast/recorder'
import { AgentInventory } from '../inventory/bom.ts'
import { decode, type IdentityDoc } from '../inventory/docs.ts'
import { keys as inventoryKeys } from '../inventory/keys.ts'
import { retrievedBy } from '../incidents/retrievals.ts'
import type { RosterLog } from '../roster/roster-log.ts'
import { keys as viewKeys, lastPart } from '../views/keys.ts'
import type { WriteDoc } from '../incidents/fold-incidents.ts'
import { keys as incidentKeys } from '../incidents/keys.ts'
import { decode as decodeScope, type ActingDoc } from '../scope/docs.ts'
import { keys as scopeKeys } from '../scope/keys.ts'
import { QuestionError } from '../views/view-sources.ts'
import type { Views } from '../views/views.ts'
import { auditRows, type AuditSources } from './audit-answer.ts'
import { dataFacts } from './data-facts.ts'
import { descriptionRows } from './description-rows.ts'
import { type Drawn, drawScope, type KnownOfAgents, responseScope } from './derive-scope.ts'
import {
  DIGESTS_LOOKED,
  EXECUTIONS_COUNTED,
  EXECUTIONS_SHOWN,
  HOLDERS_LOOKED,
  NAMES_SHOWN,
  PRINCIPALS_LOOKED,
  SIBLINGS_LOOKED,
  WRITES_LOOKED,
} from './limits.ts'
import { type Material, type MaterialSources, readMaterial } from './material.ts'
import { reachFacts } from './reach-facts.ts'
import { type Elsewhere, scopeAnswer } from './scope-answer.ts'
import { Texts } from './texts.ts'

/** Questions on what an incident reached, by route name; the value is what the route's handler needs. */
export type ScopingQuestions = {
  getResponseScope: { readonly incident: string }
  /** `until`: decimal nanoseconds. */
  getIncidentScope: { readonly incident: string; readonly query: Query<'getIncidentScope'> }
  /** {@link AuditRows}: who looked at which is known to the main thread. */
  getIncidentAudit: { readonly incident: string }
}

export type ScopingQuestion = keyof ScopingQuestions

const QUESTIONS: ReadonlySet<string> = new Set<ScopingQuestion>([
  'getResponseScope',
  'getIncidentScope',
  'getIncidentAudit',
])

export function isScopingQuestion(question: string): question is ScopingQuestion {
  return QUESTIONS.has(question)
}

export type ScopingSources = Omit<MaterialSources, 'reader'> & {
  readonly reader: LogReader
  /** The workspace projection, which knows who retrieved what. */
  readonly workspace: ProjectionStore
  readonly inventory: ProjectionStore
  readonly authority: ProjectionStore
  readonly incidents: ProjectionStore
  readonly roster: Pick<RosterLog, 'now'>
  readonly views: Pick<Views, 'united' | 'answer'>
  /** What an agent may against what it did, up to an instant in RFC 3339. */
  readonly scopeAt: (agent: string, at: string) => ScopeReport
}

/** For what is not asked how much data stood where. */
const NOTHING_KNOWN = { facts: { of: () => undefined }, authority: { reachOf: () => undefined } } as const

/** After every time that a source can claim. */
const END = (1n << 64n) - 1n

/** Answers from the graphs of an incident and from what other projections know of its agents. */
export class ScopingQueries {
  readonly #sources: ScopingSources

  constructor(sources: ScopingSources) {
    this.#sources = sources
  }

  /** Step by step, so that others are answered between; `undefined` where there is no such incident. */
  *answering(question: ScopingQuestion, args: unknown): StepsOfWork<unknown> {
    switch (question) {
      case 'getResponseScope':
        return yield* this.#responseScope((args as ScopingQuestions['getResponseScope']).incident) // ViewsClient.ask types the arguments by the question
      case 'getIncidentScope':
        return yield* this.#scope(args as ScopingQuestions['getIncidentScope']) // likewise
      case 'getIncidentAudit':
        return yield* this.#audit((args as ScopingQuestions['getIncidentAudit']).incident) // likewise
    }
  }

  *#audit(incident: string): StepsOfWork<unknown> {
    const material = yield* readMaterial(this.#sources, incident)
    if (material === undefined) return undefined
    const drawn = yield* drawScope(material, NOTHING_KNOWN)
    yield
    return auditRows(material, drawn, this.#auditSources(formatRfc3339(material.incident.lastClaimed)))
  }

  #auditSources(at: string): AuditSources {
    const { reader, inventory, incidents, workspace, conversations, scopeAt } = this.#sources
    const roster = this.#sources.roster.now()
    return {
      ...this.#known(),
      retrievedBy: (agent) =>
        retrievedBy(incidents, agent, END)
          .slice(0, SIBLINGS_LOOKED)
          .flatMap(({ origin, versions }) => {
            const last = versions.at(-1)
            return last === undefined ? [] : [{ origin, entry: last.entry, event: last.event }]
          }),
      executionsOf: (origin) => {
        const rows = workspace.scan({
          prefix: `${viewKeys.namedPrefix('document', origin)}/`,
          limit: EXECUTIONS_COUNTED,
        })
        const named = rows.slice(0, EXECUTIONS_SHOWN).map(([key]) => lastPart(key))
        return {
          conversations: [...new Set(named.map((trace) => conversations.ofTrace(trace)?.doc.id ?? trace))],
          total: rows.length,
        }
      },
      descriptionsOf: (agent) => {
        const found = AgentInventory.open(inventory, agent)
        return found === undefined ? [] : descriptionRows(found, { reader, roster })
      },
      reportOf: (agent) => scopeAt(agent, at),
      othersAs: (principal) =>
        inventory
          .scan({ prefix: inventoryKeys.agentsAs(principal), limit: HOLDERS_LOOKED })
          .map(([, bytes]) => decode<IdentityDoc>(bytes))
          .flatMap(({ agent, isAuthority }) => (isAuthority ? [] : [agent])),
    }
  }

  *#scope({ incident, query }: ScopingQuestions['getIncidentScope']): StepsOfWork<unknown> {
    const until = query.until === undefined ? undefined : parseUnixNanoText(query.until)
    if (query.until !== undefined && until === undefined)
      throw new QuestionError(400, `until: "${query.until}" is no time in nanoseconds`)
    const material = yield* readMaterial(this.#sources, incident)
    if (material === undefined) return undefined
    const drawn = yield* drawScope(material, this.#data(material), until)
    yield
    return scopeAnswer(material, drawn, this.#elsewhere(material, drawn))
  }

  #data(material: Material): Parameters<typeof drawScope>[1] {
    const { inventory, scopeAt } = this.#sources
    const at = formatRfc3339(material.incident.lastClaimed)
    return {
      facts: dataFacts(material, (agent) =>
        (AgentInventory.open(inventory, agent)?.agent.statements['data-classes']?.value ?? '')
          .split(',')
          .flatMap((name) => (name.trim() === '' ? [] : [name.trim()])),
      ),
      authority: reachFacts(material, (agent) => scopeAt(agent, at)),
    }
  }

  /** Contexts of anybody that a text of the origin entered, by its digest. */
  #elsewhere({ conversations }: Material, { roots, swept }: Drawn): Elsewhere {
    const own = new Set(conversations)
    const found = roots.around.slice(0, DIGESTS_LOOKED).map(({ digest }) => {
      return this.#sources.views.answer('contexts', { query: { digest } }) as Answer<'contexts'> // the route's own answer
    })
    const items = found
      .flatMap((one) => one.items)
      .filter(({ conversation, agent }) => !own.has(conversation) || swept.cleared.has(agent))
    return {
      items: items
        .slice(0, NAMES_SHOWN)
        .map(({ conversation, agent, event, kind }) => ({ conversation, agent, event, kind })),
      cut:
        found.reduce((sum, { cut }) => sum + cut, 0) +
        Math.max(0, items.length - NAMES_SHOWN) +
        Math.max(0, roots.around.length - DIGESTS_LOOKED),
    }
  }

  *#responseScope(id: string): StepsOfWork<unknown> {
    const material = yield* readMaterial(this.#sources, id)
    if (material === undefined) return undefined
    const drawn = yield* drawScope(material, {
      facts: { of: () => undefined },
      authority: { reachOf: () => undefined },
    })
    yield
    return responseScope(material, drawn, this.#known())
  }

  #known(): KnownOfAgents {
    const { reader, inventory, authority, incidents } = this.#sources
    const texts = new Texts(reader)
    return {
      reader,
      imagesOf: (agent) =>
        (AgentInventory.open(inventory, agent)?.parts() ?? []).flatMap(({ component: { kind, name, version } }) =>
          kind === 'image' ? [version === undefined || name.includes(':') ? name : `${name}:${version}`] : [],
        ),
      actsAs: (agent) =>
        authority
          .scan({ prefix: scopeKeys.actingFrom(agent), limit: PRINCIPALS_LOOKED })
          .map(([, bytes]) => decodeScope<ActingDoc>(bytes).to),
      writerOf: (item) => {
        const writes = incidents
          .scan({ prefix: incidentKeys.itemWrites(item), limit: WRITES_LOOKED })
          .map(([, bytes]) => decode<WriteDoc>(bytes))
          .toSorted((a, b) => b.entry - a.entry)
        const [last] = writes
        if (last === undefined) return undefined
        const told = texts.eventsOf(last.entry)
        // Whom the writing program acted for is who wrote.
        const person = told.flatMap(({ body }) =>
          body.kind === 'identity' ? (body.onBehalfOf ?? (body.principalKind === 'user' ? body.principal : [])) : [],
        )[0]
        return person ?? told.find(({ id }) => id === last.event)?.agent.name
      },
    }
  }
}
