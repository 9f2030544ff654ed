import type { StepsOfWork } from '@holdfast/detect'
import type { ProjectionStore } from '@holdfast/recorder'
import { decode } from '../inventory/docs.ts'
import { AgentInventory } from '../inventory/bom.ts'
import type { WriteDoc } from '../incidents/fold-incidents.ts'
import { keys as incidentKeys } from '../incidents/keys.ts'
import { decode as decodeScope, type ActingDoc } from '../scope/docs.ts'
import { keys as scopeKeys } from '../scope/keys.ts'
import { drawScope, type KnownOfAgents, responseScope } from './derive-scope.ts'
import { PRINCIPALS_LOOKED, WRITES_LOOKED } from './limits.ts'
import { type MaterialSources, readMaterial } from './material.ts'
import { Texts } from './texts.ts'

/** Questions on what an incident reached, by route name; the value is what the route's handler needs. */
export type ScopingQuestions = {
  getResponseScope: { readonly incident: string }
}

export type ScopingQuestion = keyof ScopingQuestions

const QUESTIONS: ReadonlySet<string> = new Set<ScopingQuestion>(['getResponseScope'])

export function isScopingQuestion(question: string): question is ScopingQuestion {
  return QUESTIONS.has(question)
}

export type ScopingSources = MaterialSources & {
  readonly inventory: ProjectionStore
  readonly authority: ProjectionStore
  readonly incidents: ProjectionStore
}

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
        return last === undefined
          ? undefined
          : texts.eventsOf(last.entry).find(({ id }) => id === last.event)?.agent.name
      },
    }
  }
}
