/** What decides on an agent's track. Texts are those of operators and documents. */
export type TrackFacts = {
  /** As stated: `health`, `payment:write`, ...; undefined where nobody said. */
  readonly dataClasses: readonly string[] | undefined
  readonly isLifeSafety: boolean
  readonly isReportable: boolean
  /** An operator's own decision, which goes first. */
  readonly stated: { readonly track: 1 | 2; readonly by: string; readonly reason: string } | undefined
  /** Who let it out of staging, with which profile. */
  readonly parity: string | undefined
  /** A policy of its staging profile is enforced. */
  readonly isEnforced: boolean
}

export type TrackDecision = {
  /** 1: observed in production first. 2: pre-enforced from a profile built in staging, since being observed is exposure. */
  readonly track: 1 | 2
  readonly reasons: readonly string[]
  /** What stands in the way of starting in production; empty on track 1. */
  readonly obstacles: readonly string[]
}

/** Data whose mere handling under observation is an exposure. Product choice. */
const REGULATED: ReadonlyMap<string, string> = new Map([
  ['health', 'health data'],
  ['phi', 'health data'],
  ['payment', 'payment data'],
  ['cardholder', 'payment data'],
  ['pci', 'payment data'],
  ['financial', 'financial data'],
  ['biometric', 'biometric data'],
  ['genetic', 'genetic data'],
  ['children', 'data of children'],
  ['criminal', 'data on criminal offences'],
  ['special-category', 'special categories of personal data'],
])

/** Which track an agent goes, and why (requirement OBS-6). */
export function trackOf(facts: TrackFacts): TrackDecision {
  const { dataClasses, isLifeSafety, isReportable, stated, parity } = facts
  const found = [
    ...new Set((dataClasses ?? []).flatMap((name) => REGULATED.get(name.toLowerCase().replace(/:.*$/, '')) ?? [])),
  ].map((what) => `handles ${what}`)
  const reasons = [
    ...found,
    ...(isLifeSafety ? ['a life may depend on it'] : []),
    ...(isReportable ? ['an interruption is reportable'] : []),
  ]
  const byClass = { track: reasons.length > 0 ? (2 as const) : (1 as const), reasons }
  const { track, reasons: why } =
    stated === undefined
      ? byClass
      : { track: stated.track, reasons: [`stated by ${stated.by}: ${stated.reason}`, ...reasons] }
  const unknown = dataClasses === undefined ? ['nobody stated its data classes'] : []
  const plain = why.length === 0 ? ['no regulated data, no life at stake, nothing reportable'] : why
  return {
    track,
    reasons: track === 1 ? [...plain, ...unknown] : why,
    obstacles:
      track === 1
        ? []
        : [
            ...(parity === undefined ? ['no profile from staging passed the parity gate'] : []),
            ...(facts.isEnforced ? [] : ['no policy from a staging profile is enforced']),
          ],
  }
}

/** What was declared and staging never showed; a promotion is refused while anything is left (requirement OBS-7). */
export type Parity = {
  readonly missingTools: readonly string[]
  readonly missingDestinations: readonly string[]
}

/** Compares declared names with the entries of a staging profile. A tool may stand below its server's name. */
export function parityOf(
  declared: { readonly tools: readonly string[]; readonly destinations: readonly string[] },
  observed: { readonly tools: readonly string[]; readonly destinations: readonly string[] },
): Parity {
  const tools = new Set(observed.tools.flatMap((key) => [key, key.slice(key.lastIndexOf('/') + 1)]))
  const destinations = new Set(observed.destinations.flatMap((key) => [key, key.slice(0, key.lastIndexOf(':'))]))
  return {
    missingTools: declared.tools.filter((name) => !tools.has(name)).toSorted(),
    missingDestinations: declared.destinations.filter((name) => !destinations.has(name.toLowerCase())).toSorted(),
  }
}
