import type { Answer, ObservedAgent, ParityWire, Query } from '@holdfast/api'
import { normalise } from '@holdfast/capture'
import { observationsOf, parityOf, verdictWords } from '@holdfast/observe'
import { parseRfc3339, type Event } from '@holdfast/model'
import type { AboutAgent } from '../inventory/inventory-queries.ts'
import { QuestionError, type ViewSources } from '../views/view-sources.ts'
import { baselineAt, entriesOf, type AgentBaseline } from './agent-baseline.ts'
import { agentTrack } from './agent-track.ts'
import { newestInstant, sinceOf } from './as-of.ts'
import { decode, type ProfileDoc } from './docs.ts'
import { keys } from './keys.ts'
import { AGENTS_READ, ENTRIES_SHOWN, PROFILES_HELD, PROOFS_SHOWN } from './limits.ts'
import { ProfileReader } from './profile-reader.ts'
import { baselineWire, entryWire, timeText, trackWire } from './wire.ts'

/** The wall clock's word, which only the program that was asked has: a live agent's profile is as of it. */
type Now = { readonly now: string }

/** Questions on what agents normally do, by route name; the value is what the route's handler needs. */
export type ProfileQuestions = {
  getBaseline: Now & { readonly agent: string; readonly query: Query<'getBaseline'> }
  listProfileEntries: Now & { readonly agent: string; readonly query: Query<'listProfileEntries'> }
  listProfileProofs: { readonly agent: string; readonly query: Query<'listProfileProofs'> }
  getParity: { readonly agent: string; readonly query: Query<'getParity'> }
  listObserved: Now
}

export type ProfileQuestion = keyof ProfileQuestions

const QUESTIONS: ReadonlySet<string> = new Set<ProfileQuestion>([
  'getBaseline',
  'listProfileEntries',
  'listProfileProofs',
  'getParity',
  'listObserved',
])

type ProfileSources = Pick<ViewSources, 'reader' | 'store'> & {
  /** What the inventory knows of an agent. */
  readonly about: (agent: string) => AboutAgent | undefined
  /** True for people and services of whom only audit logs tell: they have a profile, and are nobody's agents. */
  readonly isPrincipal: (agent: string) => boolean
  /** True while a policy of it is enforced. */
  readonly isEnforced: (agent: string) => boolean
}

/** Answers from the profile projection. */
export class ProfileQueries {
  readonly #sources: ProfileSources
  /** By agent and instant, with what they were derived from: a chart's parts ask for one profile again and again. */
  readonly #held = new Map<string, AgentBaseline>()

  constructor(sources: ProfileSources) {
    this.#sources = sources
  }

  /** The route's answer; `undefined` where there is no such thing. Throws `QuestionError`. */
  answer(question: ProfileQuestion, args: unknown): unknown {
    switch (question) {
      case 'getBaseline': {
        const { agent, query, now } = given<'getBaseline'>(args)
        const baseline = this.#baseline(agent, query.at, now)
        return baseline === undefined
          ? undefined
          : baselineWire(baseline, this.#sources.about(agent), { isEnforced: this.#sources.isEnforced(agent) })
      }
      case 'listProfileEntries':
        return this.#entries(given<'listProfileEntries'>(args))
      case 'listProfileProofs':
        return this.#proofs(given<'listProfileProofs'>(args))
      case 'getParity':
        return this.#parity(given<'getParity'>(args))
      case 'listObserved':
        return this.#observed(given<'listObserved'>(args))
    }
  }

  #baseline(agent: string, at: string | undefined, now: string): AgentBaseline | undefined {
    const instant = at === undefined ? undefined : parseRfc3339(at)
    if (at !== undefined && instant === undefined)
      throw new QuestionError(400, `at is no time in RFC 3339: "${at.slice(0, 60)}"`)
    const reader = ProfileReader.open(this.#sources.store, agent, instant)
    if (reader === undefined) return undefined
    const about = this.#sources.about(agent)
    const asOf = instant ?? newestInstant(reader.doc, now)
    // A live agent's instant moves on: within one day nothing but ages changes, and those are told by the hour.
    const key = [agent, asOf / HOUR_NANOS, at ?? '', reader.doc.version, about?.class ?? ''].join('\n')
    const known = this.#held.get(key)
    if (known !== undefined) return known
    const baseline = baselineAt(reader, about, asOf)
    this.#held.set(key, baseline)
    const oldest = this.#held.keys().next().value
    if (this.#held.size > PROFILES_HELD && oldest !== undefined) this.#held.delete(oldest)
    return baseline
  }

  #entries({ agent, query, now }: ProfileQuestions['listProfileEntries']): Answer<'listProfileEntries'> | undefined {
    const baseline = this.#baseline(agent, query.at, now)
    if (baseline === undefined) return undefined
    const needle = query.q?.toLowerCase()
    const found = entriesOf(baseline).filter(
      ({ dimension, key, standing, isNew }) =>
        (query.dimension === undefined || dimension === query.dimension) &&
        (query.state === undefined || (query.state === 'new' ? isNew : standing.state === query.state)) &&
        (needle === undefined || key.toLowerCase().includes(needle)),
    )
    const offset = query.offset ?? 0
    const page = found.slice(offset, offset + (query.limit ?? ENTRIES_SHOWN))
    return { items: page.map(entryWire), total: found.length }
  }

  #proofs({ agent, query }: ProfileQuestions['listProfileProofs']): Answer<'listProfileProofs'> | undefined {
    const reader = ProfileReader.open(this.#sources.store, agent)
    if (reader === undefined) return undefined
    const limit = query.limit ?? PROOFS_SHOWN
    const proofs = reader.proofs(query.dimension, query.key, { after: query.after ?? -1, limit: limit + 1 })
    const page = proofs.slice(0, limit)
    const last = page.at(-1)
    return {
      items: page.map(({ entry, claimedAt }) => ({
        entry,
        claimedAt: timeText(claimedAt),
        events: this.#eventsOf(entry)
          .filter((event) => proves(event, reader, query))
          .map(({ id }) => id),
      })),
      ...(proofs.length > limit && last !== undefined ? { nextAfter: last.entry } : {}),
    }
  }

  #eventsOf(index: number): readonly Event[] {
    const entry = this.#sources.reader.entry(index)
    return entry === undefined ? [] : normalise(entry).events
  }

  #parity({ agent, query }: ProfileQuestions['getParity']): ParityWire | undefined {
    const about = this.#sources.about(agent)
    if (about === undefined) return undefined
    const staging = ProfileReader.open(this.#sources.store, query.staging)
    const seen = (dimension: 'tool' | 'destination'): readonly string[] => [
      ...new Set([...(staging?.days(dimension).values() ?? [])].flatMap((day) => [...day.keys()])),
    ]
    const declared = { tools: about.declaredTools, destinations: about.declaredDestinations }
    const { missingTools, missingDestinations } = parityOf(declared, {
      tools: seen('tool'),
      destinations: seen('destination'),
    })
    const isDeclared = declared.tools.length + declared.destinations.length > 0
    const missing = [
      ...missingTools.map((name) => `tool ${name}`),
      ...missingDestinations.map((name) => `destination ${name}`),
    ]
    return {
      agent,
      staging: query.staging,
      declaredTools: declared.tools.length,
      declaredDestinations: declared.destinations.length,
      missingTools: [...missingTools],
      missingDestinations: [...missingDestinations],
      passed: isDeclared && staging !== undefined && missing.length === 0,
      reason: parityReason({ isDeclared, isKnown: staging !== undefined, missing }),
    }
  }

  #observed({ now }: ProfileQuestions['listObserved']): Answer<'listObserved'> {
    const agents = this.#sources.store
      .scan({ prefix: keys.agents(), limit: AGENTS_READ })
      .map(([, bytes]) => decode<ProfileDoc>(bytes).id)
      .filter((id) => !this.#sources.isPrincipal(id))
    const items = agents.flatMap((id): readonly ObservedAgent[] => {
      const baseline = this.#baseline(id, undefined, now)
      if (baseline === undefined) return []
      const { convergence, limits, reader, asOf } = baseline
      const { status } = convergence
      if (status !== 'observing' && status !== 'non-convergent') return []
      const about = this.#sources.about(id)
      const since = convergence.firstDay === undefined ? 0n : sinceOf(reader.doc, convergence.firstDay)
      return [
        {
          agent: id,
          name: about?.name ?? reader.doc.name,
          class: about?.class ?? 'unclassified',
          clocks: [...reader.doc.clocks],
          status,
          verdict: verdictWords(convergence, limits),
          since: timeText(since),
          elapsedHours: Math.max(0, Math.round(Number((asOf - since) / (HOUR_NANOS / 10n))) / 10),
          observations: convergence.observations,
          track: trackWire(agentTrack(about, { isEnforced: this.#sources.isEnforced(id) })),
        },
      ]
    })
    return { items: items.toSorted((a, b) => b.elapsedHours - a.elapsedHours), agents: agents.length, asOf: now }
  }
}

export function isProfileQuestion(question: string): question is ProfileQuestion {
  return QUESTIONS.has(question)
}

const HOUR_NANOS = 3_600_000_000_000n

/** True for an event that is counted under the entry. */
function proves(event: Event, reader: ProfileReader, { dimension, key }: Query<'listProfileProofs'>): boolean {
  return observationsOf(event).some((one) => {
    if (one.kind === 'call') return dimension === 'tool-order' && key.endsWith(` -> ${one.toolName}`)
    return one.kind === 'seen' && one.dimension === dimension && reader.shownAs(dimension, one.key) === key
  })
}

function parityReason(found: {
  readonly isDeclared: boolean
  readonly isKnown: boolean
  readonly missing: readonly string[]
}): string {
  if (!found.isDeclared) return 'no document declares a tool or a destination, so there is nothing to compare with'
  if (!found.isKnown) return 'nothing was observed in staging'
  if (found.missing.length > 0) return `staging never showed: ${found.missing.join(', ')}`
  return 'staging showed every declared tool and destination'
}

function given<Q extends ProfileQuestion>(args: unknown): ProfileQuestions[Q] {
  return args as ProfileQuestions[Q] // ViewsClient.ask types the arguments by the question they came with
}
