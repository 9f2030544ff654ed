import type { Answer } from '@holdfast/api'
import { GENERATORS, refusalOf, type Generation, type GeneratorFacts } from '@holdfast/enforce'
import type { AgentId, ArtifactKind, PolicyArtifact } from '@holdfast/model'
import type { LogReader } from '@holdfast/recorder'
import { agentTrack } from '../profile/agent-track.ts'
import { ProfileReader } from '../profile/profile-reader.ts'
import { generatorFacts, type Asked, type FactSources } from './generator-facts.ts'
import { Grounds } from './grounds.ts'
import { explained, verified } from './evidence.ts'

/** Questions on policies that the projection worker answers, by route name; the value is what the route's handler needs. */
export type PolicyQuestions = {
  generatePolicies: Asked & { readonly kinds?: readonly ArtifactKind[] }
  getPolicyStanding: Pick<Asked, 'agent' | 'now'>
  explainPolicy: { readonly artifact: PolicyArtifact; readonly pointer?: string; readonly line?: number }
  verifyPolicies: { readonly artifacts: readonly PolicyArtifact[] }
}

export type PolicyQuestion = keyof PolicyQuestions

/** What the layers gave, as the handler takes it before anything is on record. */
export type Generated = {
  readonly facts: Pick<GeneratorFacts, 'agent' | 'profile'>
  readonly principals: readonly string[]
  readonly generations: readonly (Generation & { readonly kind: ArtifactKind })[]
}

const QUESTIONS: ReadonlySet<string> = new Set<PolicyQuestion>([
  'generatePolicies',
  'getPolicyStanding',
  'explainPolicy',
  'verifyPolicies',
])

export function isPolicyQuestion(question: string): question is PolicyQuestion {
  return QUESTIONS.has(question)
}

export type PolicySources = FactSources & { readonly reader: Pick<LogReader, 'entry' | 'segments'> }

/** Answers from profile, inventory, authority and the log. */
export class PolicyQueries {
  readonly #sources: PolicySources

  constructor(sources: PolicySources) {
    this.#sources = sources
  }

  /** The route's answer. Throws `QuestionError`. */
  answer(question: PolicyQuestion, args: unknown): unknown {
    switch (question) {
      case 'generatePolicies':
        return this.#generate(args as PolicyQuestions['generatePolicies']) // ViewsClient.ask types the arguments by the question
      case 'getPolicyStanding':
        return this.#standing(args as PolicyQuestions['getPolicyStanding']) // as above
      case 'explainPolicy': {
        const { artifact, ...which } = args as PolicyQuestions['explainPolicy'] // as above
        return explained(artifact, which, this.#grounds(artifact))
      }
      case 'verifyPolicies': {
        const { artifacts } = args as PolicyQuestions['verifyPolicies'] // as above
        const items = artifacts.map((artifact) => verified(artifact, this.#grounds(artifact)))
        return { items, passed: items.every(({ lost, isWhole }) => isWhole && lost.length === 0) }
      }
    }
  }

  #generate(asked: PolicyQuestions['generatePolicies']): Generated {
    const { facts, principals } = generatorFacts(this.#sources, asked)
    const wanted = GENERATORS.filter(({ kind }) => asked.kinds === undefined || asked.kinds.includes(kind))
    const generations = wanted.map(({ kind, generate }) => ({
      ...(refusalOf(facts, kind) ?? generate(facts)),
      kind,
    }))
    return { facts: { agent: facts.agent, profile: facts.profile }, principals, generations }
  }

  #standing({ agent, now }: PolicyQuestions['getPolicyStanding']): Answer<'getPolicyStanding'> {
    const nothing = { decisions: {}, inForce: [], planesRead: [], collector: [] }
    const { facts } = generatorFacts(this.#sources, { agent, now, ...nothing })
    const refusal = refusalOf(facts)
    const { profile, preEnforced } = facts
    // What taints the staging profile taints every policy that was made of it.
    const profiled = preEnforced?.parityPassed === true ? [agent, preEnforced.staging] : [agent]
    const marks = profiled
      .flatMap((id) => ProfileReader.open(this.#sources.profile, id)?.marks ?? [])
      .filter(({ mark, state }) => mark === 'contaminated' && state === 'active')
    const [first] = this.#sources.reader.segments({ agent: agent as AgentId, limit: 1 }) // a query: an agent that is none has no segment
    return {
      agent,
      name: facts.agent.name,
      class: facts.agent.class,
      track: agentTrack(this.#sources.about(agent), { isEnforced: false }).track,
      isPreEnforced: preEnforced?.parityPassed === true,
      ...(preEnforced?.parityPassed === true ? { staging: preEnforced.staging } : {}),
      verdict: profile.verdict ?? profile.status,
      observations: profile.observations,
      asOf: profile.asOf,
      ...(first === undefined ? {} : { discovered: first.first }),
      contaminatedBy: marks.map(({ entry }) => entry),
      ...(refusal === undefined
        ? {}
        : { refusal: { code: refusal.code, reason: refusal.reason, missing: [...refusal.missing] } }),
    }
  }

  /** Of a track-2 agent the grounds are in the profile that staging built. */
  #grounds({ agent }: PolicyArtifact): Grounds {
    const parity = this.#sources.about(agent)?.statements['parity']?.value
    const readers = [agent, ...(parity === undefined ? [] : [parity])].flatMap(
      (id) => ProfileReader.open(this.#sources.profile, id) ?? [],
    )
    return new Grounds({ reader: this.#sources.reader, profiles: readers })
  }
}
