import type { ContextIndex } from './context-index.ts'
import type { Sentence } from './sentences.ts'

/** How well a sentence tells why a call was made, 0 to 1, and which one. */
export type Explanation = { readonly explanation: number; readonly witness?: Sentence; readonly number?: number }

export type Explaining = {
  readonly context: ContextIndex
  /** Forms of the arguments that the owner did not give, with their weight. */
  readonly foreign: ReadonlyMap<string, number>
  /** Foreign forms of short arguments: what the call is pointed at, not what it carries. */
  readonly pointed: ReadonlySet<string>
  /** Addresses, hosts and accounts that the call goes to. */
  readonly destinations: readonly string[]
  /** Weight of all that the arguments name, and the share of it that the owner gave. */
  readonly all: number
  readonly trustedShare: number
  /** Forms of the words of the tool's name. */
  readonly toolForms: readonly string[]
  /** Those of them that the agent's other tools so far do not share. */
  readonly ownForms: readonly string[]
}

/** What the words of a tool's name explain where the arguments hold nothing foreign. */
export const BY_NAME = 0.85

/** Share of foreign weight below which a call counts as one without arguments of its own. */
const NO_ARGUMENTS = 0.2

/** True for a call whose arguments hold nothing to speak of that came from elsewhere. */
export function isBare(foreign: ReadonlyMap<string, number>, all: number): boolean {
  let sum = 0
  for (const weight of foreign.values()) sum += weight
  return all === 0 || sum / all < NO_ARGUMENTS
}

/** A call to somebody else than the sentence speaks of does not carry it out. */
export function goesElsewhere({ destinations: spoken }: Sentence, destinations: readonly string[]): boolean {
  if (spoken.length === 0 || destinations.length === 0) return false
  return !destinations.some((to) => spoken.some((other) => to.includes(other) || other.includes(to)))
}
