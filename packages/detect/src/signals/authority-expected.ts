import type { ScopeReport } from '@holdfast/observe'
import type { AuthPlane, Event } from '@holdfast/model'
import type { KnownChange } from '../known/case-context.ts'
import type { ApiCall } from './authority-rules.ts'
import { quoted } from './findings.ts'
import { MAX_EXCUSES, MAX_NAMED, MAX_NAMES } from './limits.ts'
import { changeFor } from './recorded-changes.ts'

/** What an agent is known to do, and what it may: either may be missing, and then says nothing. */
export type AuthorityContext = {
  /** What was recorded of it before the case of an act at that time (claimed, nanoseconds). */
  readonly profileAt?: (claimedAt: bigint) => AuthorityProfile | undefined
  readonly changes?: readonly KnownChange[]
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

/** A change that explains what would have been a departure, and the event that it explains. */
export type Excuse = { readonly change: KnownChange; readonly event: Event; readonly words: string }

/** Holds calls against what is known of the agent. `news` is kept between calls, for what many of them say together. */
export class Expected {
  readonly #context: AuthorityContext
  readonly #news = new Map<string, Set<string>>()
  readonly #gaps: ReadonlySet<number>
  readonly #overreach: ReadonlySet<number>
  readonly excuses: Excuse[] = []

  constructor(context: AuthorityContext) {
    this.#context = context
    const { inventoryGaps = [], inheritedOverreach = [] } = context.scope ?? {}
    this.#gaps = new Set(
      inventoryGaps.filter(({ isType2Candidate }) => isType2Candidate).flatMap(({ positions }) => positions),
    )
    this.#overreach = new Set(inheritedOverreach.flatMap(({ evidence }) => evidence.positions))
  }

  /** True where the agent did this before: then the action's name says less. */
  isUsual({ claimedAt }: Event, { action, plane }: ApiCall): boolean {
    return this.#context.profileAt?.(claimedAt)?.knows('action', action, plane) === true
  }

  departures(event: Event, call: ApiCall): readonly Departure[] {
    if (call.decision === 'failed') return []
    const { changes = [] } = this.#context
    const change =
      changes.length === 0
        ? undefined
        : changeFor({ at: event.claimedAt, kind: 'reach', names: namesOf(call) }, changes)
    // What is explained must not count towards what many calls say together.
    const news = change === undefined ? this.#news : new Map<string, Set<string>>()
    const found = [...this.#outsideGrants(event.entry, call), ...this.#outsideProfile(event, call, news)]
    if (change === undefined) return found
    if (found.length > 0 && this.excuses.length < MAX_EXCUSES)
      this.excuses.push({ change, event, words: found.map(({ words }) => words).join('; ') })
    return []
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
      // It holds the right: that it never said so is for its scope, and colours what else departs.
      found.push({
        detector: 'authority/inherited-overreach',
        key: action,
        strength: 0.45,
        words: `did ${quoted(action)} by a right that it inherited and never declared`,
      })
    return found
  }

  #outsideProfile({ claimedAt }: Event, call: ApiCall, news: Map<string, Set<string>>): readonly Departure[] {
    const profile = this.#context.profileAt?.(claimedAt)
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
    else newResources(call, { profile, say, news })
    return found
  }
}

type Held = { readonly profile: AuthorityProfile; readonly say: Say; readonly news: Map<string, Set<string>> }

/** A known action on things never touched: one is work, many are a list. */
function newResources({ plane, action, resources }: ApiCall, { profile, say, news }: Held): void {
  const fresh = resources.filter((resource) => !profile.knows('resource', resource, plane))
  if (fresh.length === 0) return
  const known = news.get(action) ?? new Set()
  for (const resource of fresh) if (known.size < MAX_NAMES) known.add(resource)
  news.set(action, known)
  const strength = known.size >= MANY_NEW ? 0.7 : known.size >= FEW_NEW ? 0.6 : 0.4
  say('resources', action, strength, `did ${quoted(action)} on what it never touched before`)
}

/** What a change may name: the resource whole, its container and its own name. The action alone names no reach. */
function namesOf({ resources }: ApiCall): readonly string[] {
  const names = resources.slice(0, MAX_NAMED).flatMap((resource) => {
    const path = resource.slice(resource.lastIndexOf(':') + 1)
    return [resource, path, ...path.split('/')]
  })
  return [...new Set(names)].filter((name) => name !== '')
}
