import type { AuthPlane } from './grant.ts'
import type { AgentClass, ProfileDimension } from './profile.ts'

/** What a policy is written for: one layer that can refuse, each with a grammar of its own. */
export const ARTIFACT_KINDS = [
  'network-policy',
  'cilium-network-policy',
  'seccomp',
  'host-egress',
  'aws-iam',
  'gcp-role',
  'azure-role',
  'mcp-tools',
] as const

export type ArtifactKind = (typeof ARTIFACT_KINDS)[number]

/** One of the four choices that turn observations into a policy: what was chosen, by whom, and why. */
export type DerivationDecision = {
  readonly value: string
  /** `default` where the class of the agent decides; else the account that chose. */
  readonly chosenBy: string
  readonly reason: string
}

/** The names of the four. */
export const DECISION_NAMES = ['granularity', 'closure', 'confidence', 'validity'] as const

export type DecisionName = (typeof DECISION_NAMES)[number]

export type DerivationDecisions = {
  /** What one line stands for: an address or a name, a call or a family, a bucket or an object. */
  readonly granularity: DerivationDecision
  /** How far what was seen is widened: the rule by which unseen members of a class are admitted. */
  readonly closure: DerivationDecision
  /** How much evidence an entry needs before it becomes a line: days seen, recency (requirements 6.2). */
  readonly confidence: DerivationDecision
  /** How long the policy holds without being derived again. */
  readonly validity: DerivationDecision
}

/** An entry of the profile that a line rests on, with the log positions that prove it. */
export type LineGround = {
  readonly dimension: ProfileDimension
  /** Key of the profile entry. Untrusted text. */
  readonly key: string
  /** Log positions, oldest first; a bounded part of them where there are many. */
  readonly entries: readonly number[]
  /** How many there are in all. */
  readonly count: number
}

/** One line of an artifact and the reason that it is there. */
export type ArtifactLine = {
  /** RFC 6901 pointer into the artifact's document. */
  readonly pointer: string
  readonly effect: 'allow' | 'deny' | 'remove'
  /** What the line says, in words: `api.example.test:443/tcp`. Untrusted text. */
  readonly what: string
  /**
   * `observed`: the grounds show it. `closure`: of the class of what the grounds show. `grant`: a declared statement that the
   * grounds exercise. `idle`: a declared statement that nothing exercises, so it is taken away or denied. `runtime`: what a
   * container runtime needs before the agent's program runs. `platform`: name resolution and the collector.
   * `never-legitimate`: denied whatever was seen. `default`: what the artifact does with all else.
   */
  readonly because: 'observed' | 'closure' | 'grant' | 'idle' | 'runtime' | 'platform' | 'never-legitimate' | 'default'
  readonly reason: string
  /** Lines because of `observed`, `closure` and `grant` have at least one, and lose their ground with the last of them. */
  readonly grounds: readonly LineGround[]
  /** Log position of the document that declares what the line narrows or takes away. */
  readonly declaredBy?: number
}

/** Stands in the reason of a line whose grounds show a destination and not by which transport it was reached. */
export const TRANSPORT_NOT_KEPT = 'the transport is not kept'

/** What the artifact does beside the policies that are already in force, where those are known. */
export type EffectiveResult = {
  /** False where something in force already lets through all that this would stop: then it narrows nothing. */
  readonly narrows: boolean
  readonly reason: string
  /** Policies that were looked at, by name. `unknown` sources make no claim. */
  readonly against: readonly string[]
}

/** One policy, made from one profile. It is data: nothing in it is written by hand. */
export type PolicyArtifact = {
  /** SHA-256 of the canonical JSON of everything below: the version that violations and audit rows cite. */
  readonly id: string
  readonly kind: ArtifactKind
  readonly agent: string
  readonly agentClass: AgentClass
  readonly profile: {
    /** Digest of the profile's entries as they were read: the same profile gives the same artifact, byte for byte. */
    readonly digest: string
    readonly asOf: string
    readonly days: number
    readonly observations: number
    /** Entries of the log that the profile had read. */
    readonly size: number
  }
  readonly decisions: DerivationDecisions
  /** Time after which it falls back to monitoring. RFC 3339. */
  readonly validUntil: string
  /** The document as its own grammar has it: what is applied. */
  readonly document: unknown
  readonly lines: readonly ArtifactLine[]
  /** What this layer cannot see or cannot stop. */
  readonly blindSpots: readonly string[]
  readonly effective: EffectiveResult
}

/** Which policy something is taken from that is done to an agent: a violation names the same artifact, profile and lines. */
export type EnvelopeCitation = {
  /** Id of the artifact, which is its version. */
  readonly artifact: string
  readonly kind: ArtifactKind
  /** Digest of the profile that it was derived from. */
  readonly profile: string
  /** Lines that go on holding, RFC 6901, in their order. */
  readonly lines: readonly string[]
  /** Lines that are taken out for now. */
  readonly shut: readonly string[]
}

/** What an artifact says of one act. `outside`: of a layer, a process or a principal that it does not speak of. */
export type PolicyJudgement =
  | { readonly status: 'outside' }
  | { readonly status: 'allowed' | 'denied'; readonly pointer: string; readonly what: string }

/** A policy that somebody else put in force, as it was found. */
export type PolicyInForce = {
  readonly plane: AuthPlane | 'network'
  readonly name: string
  readonly document: unknown
}

/** How far an agent has come. */
export const ENFORCEMENT_STAGES = ['discovery', 'observation', 'selective', 'full'] as const

export type EnforcementStage = (typeof ENFORCEMENT_STAGES)[number]
