import type { ScopeReport } from '@holdfast/observe'
import type { AuthPlane, Event } from '@holdfast/model'
import type { ApiCall } from './authority-rules.ts'
import { quoted } from './findings.ts'

/** What an agent is known to do, and what it may: either may be missing, and then says nothing. */
export type AuthorityContext = {
  readonly profile?: AuthorityProfile
  readonly scope?: Pick<ScopeReport, 'inventoryGaps' | 'inheritedOverreach'>
}

/** An agent's own past, as a profile keeps it. */
export type AuthorityProfile = {
  readonly knows: (
    dimension: 'principal' | 'action' | 'resource' | 'region',
    value: string,
    plane: AuthPlane,
  ) => boolean
  /** False while the profile still grows by itself: what is new then says less. */
  readonly isSettled: boolean
}

export type Departure = {
  readonly detector: string
  readonly key: string
  readonly strength: number
  readonly words: string
}

type Say = (what: string, key: string, strength: number, words: string) => void

/** New things on which one action was done before their number says more than that work goes on. */
const FEW_NEW = 3
const MANY_NEW = 5

/** Holds calls against what is known of the agent. `seen` is kept between calls, for what many of them say together. */
export class Expected {
  readonly #context: AuthorityContext
  readonly #news = new Map<string, Set<string>>()
  readonly #gaps: ReadonlySet<number>
  readonly #overreach: ReadonlySet<number>

  constructor(context: AuthorityContext) {
    this.#context = context
    const { inventoryGaps = [], inheritedOverreach = [] } = context.scope ?? {}
    this.#gaps = new Set(
      inventoryGaps.filter(({ isType2Candidate }) => isType2Candidate).flatMap(({ positions }) => positions),
    )
    this.#overreach = new Set(inheritedOverreach.flatMap(({ evidence }) => evidence.positions))
  }

  /** True where the agent did this before: then the action's name says less. */
  isUsual(call: ApiCall): boolean {
    return this.#context.profile?.knows('action', call.action, call.plane) === true
  }

  departures({ entry }: Event, call: ApiCall): readonly Departure[] {
    if (call.decision === 'failed') return []
    return [...this.#outsideGrants(entry, call), ...this.#outsideProfile(call)]
  }

  #outsideGrants(entry: number, { action }: ApiCall): readonly Departure[] {
    const found: Departure[] = []
    if (this.#gaps.has(entry))
      found.push({
        detector: 'authority/outside-grants',
        key: action,
        strength: 0.7,
        words: `did ${quoted(action)}, which no known grant of it lets`,
      })
    if (this.#overreach.has(entry))
      found.push({
        detector: 'authority/inherited-overreach',
        key: action,
        strength: 0.5,
        words: `did ${quoted(action)} by a right that it inherited and never declared`,
      })
    return found
  }

  #outsideProfile(call: ApiCall): readonly Departure[] {
    const { profile } = this.#context
    if (profile === undefined) return []
    const found: Departure[] = []
    const say: Say = (what, key, strength, words) => {
      const sure = profile.isSettled ? strength : strength * 0.7
      found.push({ detector: `authority/outside-profile-${what}`, key, strength: Math.round(sure * 100) / 100, words })
    }
    const { principal, action, region, plane } = call
    const isWrite = call.isReadOnly === false
    if (!profile.knows('principal', principal.id, plane))
      say('principal', principal.id, 0.5, `acted as ${quoted(principal.id)} for the first time`)
    if (region !== undefined && region !== '' && !profile.knows('region', region, plane))
      say('region', region, 0.4, `acted in ${quoted(region)} for the first time`)
    if (!profile.knows('action', action, plane))
      say('action', action, isWrite ? 0.6 : 0.35, `did ${quoted(action)} for the first time`)
    else this.#newResources(call, say)
    return found
  }

  /** A known action on things never touched: one is work, many are a list. */
  #newResources({ plane, action, resources }: ApiCall, say: Say): void {
    const news = this.#news.get(action) ?? new Set()
    for (const resource of resources)
      if (this.#context.profile?.knows('resource', resource, plane) === false) news.add(resource)
    this.#news.set(action, news)
    const count = news.size
    if (count > 0)
      say(
        'resources',
        action,
        count >= MANY_NEW ? 0.7 : count >= FEW_NEW ? 0.6 : 0.4,
        `did ${quoted(action)} on what it never touched before`,
      )
  }
}
