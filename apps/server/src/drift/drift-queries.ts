import type { Answer, DriftChangeWire, DriftRowWire, DriftWire, Query } from '@holdfast/api'
import { normalise } from '@holdfast/capture'
import type { StepsOfWork } from '@holdfast/detect'
import { formatRfc3339, parseRfc3339, type DriftChange, type UnixNano } from '@holdfast/model'
import type { ProjectionStore } from '@holdfast/recorder'
import type { AboutAgent } from '../inventory/inventory-queries.ts'
import { QuestionError, type ViewSources } from '../views/view-sources.ts'
import { agentDrift, inWindow, type AgentDrift } from './agent-drift.ts'
import { dayOf, decode, type AgentDoc } from './docs.ts'
import { DriftReader } from './drift-reader.ts'
import { keys } from './keys.ts'
import { AGENTS_A_ROUND, AGENTS_HELD, AGENTS_READ, REPORT_DAYS, SILENT_HOURS } from './limits.ts'
import { silentDays } from './silence.ts'

/** The wall clock's word, which only the program that was asked has. */
type Now = { readonly now: string }

/** Questions on drift, by route name; the value is what the route's handler needs. */
export type DriftQuestions = {
  getDrift: Now & { readonly agent: string; readonly query: Query<'getDrift'> }
  listDrift: Now & { readonly query: Query<'listDrift'> }
  /** {@link DriftRound}: what is new for the stream of signals, of agents that changed since `seen` (version by agent). */
  listDriftSignals: Now & { readonly seen: Readonly<Record<string, number>> }
}

export type DriftQuestion = keyof DriftQuestions

const QUESTIONS: ReadonlySet<string> = new Set<DriftQuestion>(['getDrift', 'listDrift', 'listDriftSignals'])

export function isDriftQuestion(question: string): question is DriftQuestion {
  return QUESTIONS.has(question)
}

/** Risky changes of agents that something was learned of, and how far that is. */
export type DriftRound = {
  readonly agents: readonly {
    readonly agent: string
    readonly name: string
    readonly version: number
    readonly risky: readonly (DriftChangeWire & { readonly events: readonly string[] })[]
  }[]
  /** More agents have changed than one round takes. */
  readonly isWhole: boolean
  readonly cursor: number
}

type DriftSources = Pick<ViewSources, 'reader' | 'store'> & {
  readonly profile: ProjectionStore
  readonly about: (agent: string) => AboutAgent | undefined
  /** True for people and services of whom only audit logs tell. */
  readonly isPrincipal: (agent: string) => boolean
  /** The incident that holds one of these executions of the agent: it speaks for what happened there. */
  readonly incidentOf: (agent: string, executions: readonly string[]) => string | undefined
}

/** Answers from the drift projection. */
export class DriftQueries {
  readonly #sources: DriftSources
  readonly #readers = new Map<string, DriftReader>()

  constructor(sources: DriftSources) {
    this.#sources = sources
  }

  /** The route's answer; `undefined` where there is no such thing. Throws `QuestionError`. */
  *answering(question: DriftQuestion, args: unknown): StepsOfWork<unknown> {
    switch (question) {
      case 'getDrift':
        return yield* this.drift(given<'getDrift'>(args))
      case 'listDrift':
        return yield* this.#list(given<'listDrift'>(args))
      case 'listDriftSignals':
        return yield* this.#round(given<'listDriftSignals'>(args))
    }
  }

  /** The report of one agent; undefined for one of which nothing was heard. */
  *drift({ agent, query, now }: DriftQuestions['getDrift']): StepsOfWork<DriftWire | undefined> {
    const instant = query.at === undefined ? undefined : parseRfc3339(query.at)
    if (query.at !== undefined && instant === undefined)
      throw new QuestionError(400, `at is no time in RFC 3339: "${query.at.slice(0, 60)}"`)
    const found = yield* this.#drift(agent, instant, now)
    return found === undefined ? undefined : this.#wire(found, query.days ?? REPORT_DAYS)
  }

  *#drift(agent: string, until: bigint | undefined, now: string): StepsOfWork<AgentDrift | undefined> {
    const reader = this.#readers.get(agent) ?? new DriftReader(this.#sources.store, agent)
    this.#readers.delete(agent)
    this.#readers.set(agent, reader)
    const oldest = this.#readers.keys().next().value
    if (this.#readers.size > AGENTS_HELD && oldest !== undefined) this.#readers.delete(oldest)
    const doc = reader.doc()
    if (doc === undefined) return undefined
    return yield* agentDrift(reader, {
      profile: this.#sources.profile,
      about: this.#sources.about(agent),
      until,
      asOf: until ?? newestInstant(doc, now),
    })
  }

  #wire({ doc, asOf, drift, changes, heard }: AgentDrift, days: number): DriftWire {
    const start = asOf - BigInt(days) * DAY_NANOS
    const from = timeText(start < 0n ? 0n : start)
    const { evolution, risky } = inWindow(drift, from)
    const silent = silentDays(heard, {
      from: Math.max(dayOf(start), drift.judgedFrom ?? 0),
      to: lastWholeDay(doc, asOf),
    })
    const near = changes.filter(({ time }) => time >= start && time <= asOf)
    const isSilent = silent.some(({ day }) => day === lastWholeDay(doc, asOf)) || isSilentNow(doc, asOf)
    return {
      agent: doc.id,
      name: this.#sources.about(doc.id)?.name ?? doc.name,
      clocks: [...doc.clocks],
      from,
      asOf: timeText(asOf),
      state: risky.length > 0 ? 'risky' : drift.judgedFrom === undefined ? 'learning' : isSilent ? 'silent' : 'quiet',
      profile: {
        days: drift.days,
        ...(drift.judgedFrom === undefined ? {} : { judgedFrom: dateOf(drift.judgedFrom) }),
        executions: drift.executions,
        unsettled: [...drift.unsettled],
      },
      evolution: evolution.map((change) => this.#changeWire(change)),
      risky: risky.map((change) => this.#changeWire(change)),
      changes: near
        .filter(({ isChurn }) => !isChurn)
        .map(({ time: _time, from: _from, to: _to, isChurn: _churn, ...ref }) => ref),
      churn: near.filter(({ isChurn }) => isChurn).length,
      silent: silent.map(({ day, tier }) => ({ date: dateOf(day), tier })),
      cut: drift.cut,
    }
  }

  #changeWire(change: DriftChange): DriftChangeWire {
    const incident = change.side === 'risky' ? this.#sources.incidentOf(change.agent, change.executions) : undefined
    const { signals, entries, executions, ...rest } = change
    const signal = ({ holds, reason, entries: own }: DriftChange['signals']['bounds']) => ({
      holds,
      reason,
      entries: [...own],
    })
    return {
      ...rest,
      signals: {
        deployment: signal(signals.deployment),
        continuity: signal(signals.continuity),
        bounds: signal(signals.bounds),
      },
      entries: [...entries],
      executions: [...executions],
      ...(incident === undefined ? {} : { incident }),
    }
  }

  *#list({ query, now }: DriftQuestions['listDrift']): StepsOfWork<Answer<'listDrift'>> {
    const all = this.#agents()
    const offset = query.offset ?? 0
    const page = all.slice(offset, offset + (query.limit ?? 100))
    const items: DriftRowWire[] = []
    for (const { id, lastClaimed } of page) {
      const drift = yield* this.drift({ agent: id, query: {}, now })
      if (drift === undefined) continue
      const of = (severity: string): number => drift.risky.filter((change) => change.severity === severity).length
      const [first] = drift.risky
      items.push({
        agent: drift.agent,
        name: drift.name,
        state: drift.state,
        evolution: drift.evolution.length,
        risky: { high: of('high'), medium: of('medium'), low: of('low') },
        ...(first === undefined ? {} : { first: first.what }),
        last: timeText(BigInt(lastClaimed)),
      })
      yield
    }
    return { items: items.toSorted(byUrgency), total: all.length }
  }

  *#round({ seen, now }: DriftQuestions['listDriftSignals']): StepsOfWork<DriftRound> {
    const changed = this.#agents().filter(({ id, version }) => (seen[id] ?? 0) < version)
    // What is folded while the days of many are read is of the next round.
    const { cursor } = this.#sources.store
    const agents: DriftRound['agents'][number][] = []
    for (const { id, name, version } of changed.slice(0, AGENTS_A_ROUND)) {
      const drift = yield* this.drift({ agent: id, query: {}, now })
      const risky = (drift?.risky ?? []).map((change) => ({ ...change, events: this.#eventsOf(change.entries) }))
      agents.push({ agent: id, name: drift?.name ?? name, version, risky })
      yield
    }
    return { agents, isWhole: changed.length <= AGENTS_A_ROUND, cursor }
  }

  #agents(): readonly AgentDoc[] {
    return this.#sources.store
      .scan({ prefix: keys.agents(), limit: AGENTS_READ })
      .map(([, bytes]) => decode<AgentDoc>(bytes))
      .filter(({ id, lastClaimed }) => lastClaimed !== '' && !this.#sources.isPrincipal(id))
  }

  #eventsOf(entries: readonly number[]): readonly string[] {
    return entries.flatMap((index) => {
      const entry = this.#sources.reader.entry(index)
      return entry === undefined ? [] : normalise(entry).events.map(({ id }) => id)
    })
  }
}

const DAY_NANOS = 86_400_000_000_000n

/** Of an agent that lives now, this moment; of a history, its own newest claim. */
function newestInstant({ clocks, lastClaimed }: AgentDoc, now: string): bigint {
  const last = lastClaimed === '' ? 0n : BigInt(lastClaimed)
  const wall = parseRfc3339(now) ?? 0n
  return clocks.includes('live') && wall > last ? wall : last
}

/** The last day of which everything that was to be said could have been. */
function lastWholeDay({ lastClaimed }: AgentDoc, asOf: bigint): number {
  return Math.max(dayOf(asOf) - 1, Math.min(dayOf(asOf), dayOf(BigInt(lastClaimed)) - 1))
}

function isSilentNow({ lastClaimed, clocks }: AgentDoc, asOf: bigint): boolean {
  return clocks.includes('live') && asOf - BigInt(lastClaimed) > BigInt(SILENT_HOURS) * 3_600_000_000_000n
}

function byUrgency(a: DriftRowWire, b: DriftRowWire): number {
  return (
    b.risky.high - a.risky.high ||
    b.risky.medium - a.risky.medium ||
    b.risky.low - a.risky.low ||
    (a.agent < b.agent ? -1 : 1)
  )
}

function dateOf(day: number): string {
  return new Date(day * 86_400_000).toISOString().slice(0, 10)
}

function timeText(at: bigint): string {
  return formatRfc3339(at as UnixNano) // a claimed time, or some days before one
}

function given<Q extends DriftQuestion>(args: unknown): DriftQuestions[Q] {
  return args as DriftQuestions[Q] // ViewsClient.ask types the arguments by the question they came with
}
