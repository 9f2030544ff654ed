import type { DataRules } from './data-rules.ts'

/** An agent that may run, as the roster has it. All fields are there: an entry that lacks one is refused. */
export type RosterEntry = {
  /** Name or id of the agent. */
  readonly agent: string
  readonly owner: string
  /** The one version that may run. */
  readonly version: string
  /** Ed25519 public key that the agent proves its name with: 32 bytes in base64. */
  readonly key: string
  /** Agents that it may hand work to or take it from. */
  readonly peers: readonly string[]
  readonly class: string
  readonly dataClasses: readonly string[]
}

/** What a tool server of an agent offers as somebody approved it. Digests are SHA-256 in lowercase hex (docs/roster.md). */
export type ApprovedTools = {
  readonly agent: string
  readonly server: string
  /** Over the digests of all definitions. */
  readonly catalogue: string
  readonly tools: readonly { readonly name: string; readonly definition: string }[]
}

/** `closed` refuses what the roster does not name; `open` lets it pass and says so. */
export type RosterMode = 'open' | 'closed'

/** One change of the roster. It takes effect by being in the log. */
export type RosterDecision =
  | { readonly do: 'add'; readonly entry: RosterEntry }
  | { readonly do: 'pin'; readonly agent: string; readonly version: string }
  | { readonly do: 'retire'; readonly agent: string }
  | { readonly do: 'mode'; readonly mode: RosterMode }
  | { readonly do: 'approve-tools'; readonly approved: ApprovedTools }
  /** The rules about data, in place of those before. */
  | { readonly do: 'data-rules'; readonly rules: DataRules }
  /** An agent that was to start and that the roster does not admit as it is. */
  | {
      readonly do: 'not-admitted'
      readonly agent: string
      readonly outcome: 'refused' | 'reported'
      readonly reasons: readonly string[]
      /** It signed with another key than that of the name it bore. */
      readonly fault?: 'impersonation'
    }

/** All decisions up to now, put together. */
export type Roster = {
  readonly mode: RosterMode
  readonly agents: readonly (RosterEntry & { readonly state: 'active' | 'retired' })[]
  readonly tools: readonly ApprovedTools[]
  /** Absent where nobody decided any. */
  readonly dataRules?: DataRules
}
