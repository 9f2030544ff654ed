import { baselineOf } from '@holdfast/declare'
import type { ArtifactKind, AuthPlane, LineGround } from '@holdfast/model'
import { covers, principalName } from '@holdfast/observe'
import { admittedFacts, decisionsFor } from '../decisions.ts'
import type { GeneratorFacts, GrantFact, ProfileFact, UseFact } from '../generator.ts'
import { GROUND_ENTRIES } from '../limits.ts'

/** Something that a principal was seen to do. */
export type ObservedUse = {
  readonly principal: string
  readonly action: string
  /** Empty where the log does not say on what. */
  readonly resources: readonly string[]
  readonly entries: readonly number[]
  readonly count: number
  /** Declared statements that let it. */
  readonly grants: readonly GrantFact[]
  readonly days: readonly string[] | undefined
}

export type ObservedUses = {
  readonly byPrincipal: ReadonlyMap<string, readonly ObservedUse[]>
  /** True where uses that one line would stand for were seen on enough days and lately enough (requirement 6.2). */
  readonly admits: (uses: readonly ObservedUse[]) => boolean
}

/** What was done on one plane, by principal, and when it is enough to become a line. */
export function observedUses(plane: AuthPlane, kind: ArtifactKind, facts: GeneratorFacts): ObservedUses {
  const decisions = decisionsFor(kind, facts)
  const entries = Map.groupBy(
    facts.entries.filter(({ dimension }) => dimension === 'identity'),
    ({ key }) => callOfKey(key) ?? '',
  )
  const grants = facts.grants.filter((grant) => grant.plane === plane)
  const uses = facts.uses
    // What no entry of the log proves cannot be a ground.
    .filter((use) => use.plane === plane && use.entries.length > 0)
    .map((use): ObservedUse => ({
      principal: use.principal,
      action: use.action,
      resources: use.resources,
      entries: use.entries,
      count: use.count,
      grants: grants.filter((grant) => lets(plane, grant, use)),
      days: use.days,
    }))
  const { halfLifeDays } = baselineOf(facts.agent.class).convergence
  const known: Known = { entries, halfLifeDays, asOf: Date.parse(facts.profile.asOf) }
  return {
    byPrincipal: Map.groupBy(uses, ({ principal }) => principal),
    admits: (some) => admittedFacts({ entries: [standing(some, known)] }, decisions).length > 0,
  }
}

/** What a line rests on: the uses of one action on what one pattern stands for. */
export function groundOfUses(uses: readonly ObservedUse[], on: string): LineGround {
  const entries = [...new Set(uses.flatMap((use) => use.entries))].toSorted((a, b) => a - b)
  const [first] = uses
  return {
    dimension: 'identity',
    key: `${first?.principal ?? ''}: ${first?.action ?? ''}${on === '' ? '' : ` on ${on}`}`,
    entries: entries.slice(0, GROUND_ENTRIES),
    count: uses.reduce((sum, { count }) => sum + count, 0),
  }
}

/** Grounds of one entry of the profile are one. */
export function mergedGrounds(grounds: readonly LineGround[]): readonly LineGround[] {
  const groups = Map.groupBy(grounds, ({ dimension, key }) => `${dimension}\n${key}`)
  return [...groups.values()].flatMap((some) => some.slice(0, 1))
}

type Known = {
  readonly entries: ReadonlyMap<string, readonly ProfileFact[]>
  readonly halfLifeDays: number
  readonly asOf: number
}

const DAY_MS = 86_400_000

/** The uses as one entry of a profile. */
function standing(uses: readonly ObservedUse[], { entries, halfLifeDays, asOf }: Known): ProfileFact {
  const days = [...new Set(uses.flatMap((use) => use.days ?? []))].toSorted()
  const profiled = uses.flatMap(({ principal, action, days: own }) =>
    own === undefined ? (entries.get(`${principal}\n${action}`) ?? []) : [],
  )
  const last = days.at(-1)
  const age = last === undefined ? Infinity : Math.max(0, asOf - Date.parse(last)) / DAY_MS
  return {
    dimension: 'identity',
    key: '',
    count: 0,
    daysSeen: Math.max(days.length, ...profiled.map(({ daysSeen }) => daysSeen)),
    recency: Math.max(2 ** (-Math.floor(age) / halfLifeDays), ...profiled.map(({ recency }) => recency)),
    first: '',
    last: '',
    entries: [],
  }
}

/** `arn:aws:iam::1:role/a: s3:GetObject on arn:aws:s3:::b/*` is a call of the role's, whatever it was on; refusals are none. */
function callOfKey(key: string): string | undefined {
  const match = /^(.+?): (\S.*?)(?: on .*)?$/s.exec(key)
  if (match === null || / \((?:denied|failed)\)$/.test(key)) return undefined
  return `${principalName(match[1] ?? '')}\n${match[2] ?? ''}`
}

function lets(plane: AuthPlane, grant: GrantFact, use: UseFact): boolean {
  if (grant.principal !== use.principal || !covers(plane, 'action', grant.action, use.action)) return false
  return use.resources.every((one) => grant.resources.some((pattern) => covers(plane, 'resource', pattern, one)))
}
