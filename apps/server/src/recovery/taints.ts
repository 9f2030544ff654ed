import type { BaselineWire, IncidentWire } from '@holdfast/api'
import { normalise } from '@holdfast/capture'
import { parseRfc3339, type UnixNano } from '@holdfast/model'
import type { LogReader } from '@holdfast/recorder'
import { type Baseline, type CaseState, type Contamination, restoreObstacle } from '@holdfast/respond'
import type { Cases } from '../case/cases.ts'
import { HttpError } from '../http/problem.ts'
import { ViewError } from '../views/client.ts'
import { CASES_LOOKED } from './limits.ts'

/** What is read of an incident here. */
type Tainting = Pick<IncidentWire, 'agents' | 'chain' | 'firstClaimed'>

type TaintSources = {
  readonly reader: Pick<LogReader, 'entry'>
  readonly cases: Pick<Cases, 'all'>
  /** Throws 404 where there is no such incident. */
  readonly incident: (id: string) => Promise<Tainting>
  /** Told of what could not be looked at and is gone on without. */
  readonly onError: (error: unknown) => void
}

type Observed = Pick<BaselineWire, 'marks'>
type Mark = Contamination & { readonly markId: string }

/** A mark of a restore: it takes out what came after a version that was brought back, and taints nothing. */
export const RESTORED = 'restore-'
/** Marks that were made of an incident are named after it; a mark by time has an id of its own. */
const OF_INCIDENT = 'inc-'

/** From when on profiles are not to be trusted: by cases, by marks, and by what incidents say that nobody marked. */
export class Taints {
  readonly #sources: TaintSources

  constructor(sources: TaintSources) {
    this.#sources = sources
  }

  /** What cases and operators marked, of an agent whose profile is `observed`. A false alarm taints nothing. */
  marked(agent: string, observed: Observed | undefined): readonly Contamination[] {
    const marks = marksIn(agent, observed)
    const states = [...this.#sources.cases.all().values()]
    const cases = states.flatMap((state) => marksOf(agent, { state, marks }))
    // A case knows when the agent came back clean; the mark behind it is the same one.
    const behind = new Set(
      states.flatMap(({ contaminations }) => ownOf(agent, contaminations)).map(({ since }) => since),
    )
    const own = marks.filter(({ since, markId }) => !(markId.startsWith(OF_INCIDENT) && behind.has(since)))
    return [...cases, ...own]
  }

  /** The same, with what one incident of the agent says of it, marked or not, earlier than it was marked or not. */
  seenBy(
    agent: string,
    { observed, state, since }: { observed: Observed | undefined; state: CaseState | undefined; since: UnixNano },
  ): readonly Contamination[] {
    return [...this.marked(agent, observed), ...reachingBack(agent, { state, marks: marksIn(agent, observed), since })]
  }

  /** Why a version may not be brought back; undefined where it may. Looks at the incident of every case that may be of the agent. */
  async obstacleOf(version: Baseline, observed: Observed): Promise<string | undefined> {
    const { profile: agent } = version
    const marked = this.marked(agent, observed)
    const marks = marksIn(agent, observed)
    const looked = [...this.#sources.cases.all()].filter(
      ([, state]) => state.end === undefined || (!isFalseAlarm(state) && hasMark(agent, state)),
    )
    const plain = restoreObstacle(version, marked)
    if (plain !== undefined) return plain
    if (looked.length > CASES_LOOKED)
      return `${looked.length} cases may have tainted ${agent}, and at most ${CASES_LOOKED} are looked at: close those that are done`
    const found: Contamination[] = []
    for (const [name, state] of looked) {
      const incident = await this.#incident(name)
      if (incident === undefined || !(incident.agents.includes(agent) || hasMark(agent, state))) continue
      found.push(...reachingBack(agent, { state, marks, since: this.firstTainted(incident).at }))
    }
    return restoreObstacle(version, [...marked, ...found])
  }

  /** The claimed time of the first input or origin of the chain; of the first signal where none was seen. */
  firstTainted({ chain, firstClaimed }: Pick<IncidentWire, 'chain' | 'firstClaimed'>): {
    readonly at: UnixNano
    readonly entry?: number
  } {
    const links = chain.links.filter(
      ({ stage, state }) => (stage === 'origin' || stage === 'entry') && state === 'seen',
    )
    const wanted = new Set(links.flatMap(({ events }) => events))
    const found = links
      .flatMap(({ entries }) => entries)
      .flatMap((index) => {
        const entry = this.#sources.reader.entry(index)
        return entry === undefined ? [] : normalise(entry).events
      })
      .filter(({ id }) => wanted.has(id))
      .toSorted((a, b) => (a.claimedAt < b.claimedAt ? -1 : 1))[0]
    return found === undefined
      ? { at: timeOf('firstClaimed', firstClaimed) }
      : { at: found.claimedAt, entry: found.entry }
  }

  /** Undefined, and told, where there is none any more: a rule that found it may have been withdrawn. */
  async #incident(name: string): Promise<Tainting | undefined> {
    try {
      return await this.#sources.incident(name)
    } catch (error) {
      if (!(error instanceof ViewError && error.status === 404)) throw error
      this.#sources.onError(error)
      return undefined
    }
  }
}

/** A time of a request or an answer. Throws 400 where it is none. */
export function timeOf(name: string, text: string): UnixNano {
  const time = parseRfc3339(text)
  if (time === undefined) throw new HttpError(400, `${name} is no time in RFC 3339: "${text.slice(0, 60)}"`)
  return time
}

type Marked = { readonly state: CaseState | undefined; readonly marks: readonly Mark[] }

/** A case that was closed takes no more steps: when it ended is told by the mark behind it. */
function marksOf(agent: string, { state, marks }: Marked): readonly Contamination[] {
  if (state === undefined || isFalseAlarm(state)) return []
  return ownOf(agent, state.contaminations).map((own) => {
    const until = marks.find(({ since, markId }) => markId.startsWith(OF_INCIDENT) && since === own.since)?.until
    return own.until !== undefined || until === undefined || state.end === undefined ? own : { ...own, until }
  })
}

/** What was marked from too late a time on is tainted from the first input of the incident on all the same. */
function reachingBack(
  agent: string,
  { state, marks, since }: Marked & { readonly since: UnixNano },
): readonly Contamination[] {
  if (state !== undefined && isFalseAlarm(state)) return []
  const first = marksOf(agent, { state, marks }).toSorted((a, b) => (a.since < b.since ? -1 : 1))[0]
  if (first === undefined) return [{ profile: agent, since }]
  return first.since <= since ? [] : [{ ...first, since }]
}

/** Marks by time that stand, of incidents and of operators; one of log positions says nothing of a time. */
function marksIn(agent: string, observed: Observed | undefined): readonly Mark[] {
  return (observed?.marks ?? []).flatMap(({ mark, markId, state, from, to }): readonly Mark[] => {
    const since = from === undefined ? undefined : parseRfc3339(from)
    if (mark !== 'contaminated' || state !== 'active' || since === undefined || markId.startsWith(RESTORED)) return []
    const until = to === undefined ? undefined : parseRfc3339(to)
    return [{ profile: agent, markId, since, ...(until === undefined ? {} : { until }) }]
  })
}

function isFalseAlarm({ end }: CaseState): boolean {
  return end?.resolution === 'false-positive'
}

function hasMark(agent: string, { contaminations }: CaseState): boolean {
  return ownOf(agent, contaminations).length > 0
}

function ownOf(agent: string, contaminations: readonly Contamination[]): readonly Contamination[] {
  return contaminations.filter(({ profile }) => profile === agent)
}
