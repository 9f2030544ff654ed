import type { FleetRow } from '@holdfast/api'
import { DAYS_AT_LEAST, verdictWords, type Convergence, type ConvergenceLimits } from '@holdfast/observe'
import type { ProjectionStore } from '@holdfast/recorder'
import type { AboutAgent } from '../inventory/inventory-queries.ts'
import { baselineAt } from '../profile/agent-baseline.ts'
import { newestInstant, sinceOf } from '../profile/as-of.ts'
import { dayOf, decode, type ProfileDoc } from '../profile/docs.ts'
import { keys } from '../profile/keys.ts'
import { ProfileReader } from '../profile/profile-reader.ts'
import { timeText } from '../profile/wire.ts'
import { FLEET_AGENTS } from './limits.ts'

/** Where an agent's profile stands. */
export type Standing = {
  readonly status: Convergence['status']
  readonly verdict: string
  readonly isContaminated: boolean
  readonly observed: FleetRow['observed']
}

type Held = { readonly version: number; readonly day: number; readonly standing: Standing }

type StandingSources = {
  readonly store: Pick<ProjectionStore, 'get' | 'scan'>
  readonly about: (agent: string) => AboutAgent | undefined
}

/**
 * Where profiles stand, kept between questions: to read one anew means to read all of its days. A standing is old once its
 * profile grew or another day began; until it is read again the last one is given.
 */
export class Standings {
  readonly #sources: StandingSources
  readonly #held = new Map<string, Held>()

  constructor(sources: StandingSources) {
    this.#sources = sources
  }

  /** As it was read last, and whether it is of what is recorded now; without a standing where it was never read. */
  known(agent: string, now: string): { readonly standing?: Standing; readonly isNew: boolean } {
    const doc = this.#doc(agent)
    if (doc === undefined) return { standing: NOTHING, isNew: true }
    const held = this.#held.get(agent)
    if (held === undefined) return { isNew: false }
    const isNew = held.version === doc.version && held.day === dayOf(newestInstant(doc, now))
    return { standing: held.standing, isNew }
  }

  /** Reads it anew. */
  read(agent: string, now: string): Standing {
    const reader = ProfileReader.open(this.#sources.store, agent)
    if (reader === undefined) return NOTHING
    const asOf = newestInstant(reader.doc, now)
    const { convergence, limits } = baselineAt(reader, this.#sources.about(agent), asOf)
    const { status, firstDay, daysElapsed, observations } = convergence
    const since = firstDay === undefined ? undefined : sinceOf(reader.doc, firstDay)
    const standing: Standing = {
      status,
      verdict: shortVerdict(convergence, limits),
      isContaminated: reader.marks.some(({ mark, state }) => mark === 'contaminated' && state === 'active'),
      observed:
        since === undefined
          ? undefined
          : {
              since: timeText(since),
              days: daysElapsed,
              ofDays: DAYS_AT_LEAST,
              observations,
              ofObservations: limits.observations,
              hours: Math.max(0, Math.round(Number((asOf - since) / TENTH_NANOS)) / 10),
            },
    }
    this.#held.delete(agent)
    this.#held.set(agent, { version: reader.doc.version, day: dayOf(asOf), standing })
    const [oldest] = this.#held.keys()
    if (this.#held.size > FLEET_AGENTS && oldest !== undefined) this.#held.delete(oldest)
    return standing
  }

  #doc(agent: string): ProfileDoc | undefined {
    const bytes = this.#sources.store.get(keys.agent(agent))
    return bytes === undefined ? undefined : decode<ProfileDoc>(bytes)
  }
}

/** In a list each row has one line: what keeps an agent under observation is counted, and its page names it. */
function shortVerdict(convergence: Convergence, limits: ConvergenceLimits): string {
  const { status, daysElapsed, observations, dimensions } = convergence
  if (status !== 'observing') return verdictWords(convergence, limits)
  const settled = dimensions.filter(({ settledOn }) => settledOn !== undefined).length
  return `not yet: day ${daysElapsed} of at least ${DAYS_AT_LEAST}, ${observations} of ${limits.observations} observations, ${settled} of ${dimensions.length} dimensions settled`
}

const NOTHING: Standing = {
  status: 'no-traffic',
  verdict: 'nothing to profile was seen',
  isContaminated: false,
  observed: undefined,
}

const TENTH_NANOS = 360_000_000_000n
