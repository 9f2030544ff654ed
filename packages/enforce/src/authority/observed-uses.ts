import type { ArtifactKind, AuthPlane, LineGround } from '@holdfast/model'
import { covers, principalName } from '@holdfast/observe'
import { groundOf } from '../artifact.ts'
import { admittedFacts, decisionsFor } from '../decisions.ts'
import type { GeneratorFacts, GrantFact, ProfileFact, UseFact } from '../generator.ts'
import { GROUND_ENTRIES } from '../limits.ts'

/** Something that a principal was seen to do, often and lately enough to become a line. */
export type ObservedUse = {
  readonly principal: string
  readonly action: string
  /** Empty where the log does not say on what. */
  readonly resources: readonly string[]
  readonly ground: LineGround
  /** Declared statements that let it. */
  readonly grants: readonly GrantFact[]
}

export type ObservedUses = {
  readonly admitted: ReadonlyMap<string, readonly ObservedUse[]>
  /** `principal action`, of those too thin or too long ago to become a line. */
  readonly leftOut: readonly string[]
}

/**
 * What was done on one plane, by principal. The days of a use are those of the profile's entry for the same principal and
 * action where the use itself does not say them; one that neither knows of is thin.
 */
export function observedUses(plane: AuthPlane, kind: ArtifactKind, facts: GeneratorFacts): ObservedUses {
  const decisions = decisionsFor(kind, facts)
  const entries = Map.groupBy(
    facts.entries.filter(({ dimension }) => dimension === 'identity'),
    ({ key }) => callOfKey(key) ?? '',
  )
  const grants = facts.grants.filter((grant) => grant.plane === plane)
  const admitted: ObservedUse[] = []
  const leftOut = new Set<string>()
  for (const use of facts.uses) {
    if (use.plane !== plane) continue
    const known = entries.get(`${use.principal}\n${use.action}`) ?? []
    const fact = factOf(use, known)
    if (fact.entries.length === 0 || admittedFacts({ entries: [fact] }, decisions).length === 0) {
      leftOut.add(`${use.principal} ${use.action}`)
      continue
    }
    admitted.push({
      principal: use.principal,
      action: use.action,
      resources: use.resources,
      ground: groundOf(fact),
      grants: grants.filter((grant) => lets(plane, grant, use)),
    })
  }
  return { admitted: Map.groupBy(admitted, ({ principal }) => principal), leftOut: [...leftOut].toSorted() }
}

/** Grounds of one entry of the profile are one. */
export function mergedGrounds(grounds: readonly LineGround[]): readonly LineGround[] {
  const groups = Map.groupBy(grounds, ({ dimension, key }) => `${dimension}\n${key}`)
  return [...groups.values()].flatMap((some) => {
    const [first] = some
    if (first === undefined) return []
    const entries = [...new Set(some.flatMap((one) => one.entries))].toSorted((a, b) => a - b)
    const count = new Set(some).size === 1 ? first.count : some.reduce((sum, one) => sum + one.count, 0)
    return [{ ...first, entries: entries.slice(0, GROUND_ENTRIES), count }]
  })
}

/** `arn:aws:iam::1:role/a: s3:GetObject on arn:aws:s3:::b/*` is a call of the role's, whatever it was on; refusals are none. */
function callOfKey(key: string): string | undefined {
  const match = /^(.+?): (\S.*?)(?: on .*)?$/s.exec(key)
  if (match === null || / \((?:denied|failed)\)$/.test(key)) return undefined
  return `${principalName(match[1] ?? '')}\n${match[2] ?? ''}`
}

function factOf(use: UseFact, known: readonly ProfileFact[]): ProfileFact {
  const on = use.resources.length === 0 ? '' : ` on ${use.resources.toSorted().join(', ')}`
  const times = known.flatMap(({ first, last }) => [first, last]).toSorted()
  return {
    dimension: 'identity',
    key: `${use.principal}: ${use.action}${on}`,
    count: use.count,
    daysSeen: use.daysSeen ?? Math.max(0, ...known.map(({ daysSeen }) => daysSeen)),
    recency: use.recency ?? Math.max(0, ...known.map(({ recency }) => recency)),
    first: times[0] ?? '',
    last: times.at(-1) ?? '',
    entries: use.entries,
  }
}

function lets(plane: AuthPlane, grant: GrantFact, use: UseFact): boolean {
  if (grant.principal !== use.principal || !covers(plane, 'action', grant.action, use.action)) return false
  return use.resources.every((one) => grant.resources.some((pattern) => covers(plane, 'resource', pattern, one)))
}
