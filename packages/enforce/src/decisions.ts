import type { AgentClass, ArtifactKind, DecisionName, DerivationDecision, DerivationDecisions } from '@holdfast/model'
import type { GeneratorFacts, ProfileFact } from './generator.ts'

/** Values that a decision may have; `days>=N` and `Nd` take any whole number from 1. */
const VALUES = {
  granularity: {
    'network-policy': ['address', 'address-range'],
    'cilium-network-policy': ['name', 'address'],
    'host-egress': ['name', 'address'],
    seccomp: ['call'],
    'mcp-tools': ['definition', 'name'],
    'aws-iam': ['container', 'prefix', 'object'],
    'gcp-role': ['permission'],
    'azure-role': ['permission'],
  },
  closure: {
    'network-policy': ['none'],
    'cilium-network-policy': ['none'],
    'host-egress': ['none'],
    seccomp: ['family', 'none'],
    'mcp-tools': ['none'],
    'aws-iam': ['action-class', 'none'],
    'gcp-role': ['none', 'action-class'],
    'azure-role': ['none', 'action-class'],
  },
} as const satisfies Record<'granularity' | 'closure', Record<ArtifactKind, readonly [string, ...string[]]>>

/** Below this recency an entry is left out of a proposal (requirement book, 6.2). */
const LEFT_OUT_BELOW = 0.1
/** Days on which an entry is seen before it is no thin one (6.2). */
const DAYS_TO_TRUST = 3

/** Days that a policy holds by class: what settles stays longer than what keeps finding new ways. Product choice. */
const VALID_DAYS: Readonly<Record<AgentClass, number>> = {
  retrieval: 30,
  support: 30,
  transaction: 30,
  pipeline: 60,
  'code-execution': 14,
  orchestrator: 14,
  unclassified: 14,
}

/** The four decisions for one layer: what a person chose, else what the class of the agent and the layer say. */
export function decisionsFor(kind: ArtifactKind, facts: GeneratorFacts): DerivationDecisions {
  const { class: agentClass } = facts.agent
  const chosen = (name: DecisionName): DerivationDecision | undefined => {
    const decision = facts.decisions[name]
    // A choice for all layers may be no choice of this one: a granularity by name is nothing to a system call.
    return decision !== undefined && isDecisionValue(name, decision.value, kind) ? decision : undefined
  }
  const byDefault = (value: string, reason: string): DerivationDecision => ({ value, chosenBy: 'default', reason })
  return {
    granularity: chosen('granularity') ?? byDefault(VALUES.granularity[kind][0], GRANULARITY_REASONS[kind]),
    closure: chosen('closure') ?? byDefault(VALUES.closure[kind][0], CLOSURE_REASONS[VALUES.closure[kind][0]]),
    confidence:
      chosen('confidence') ??
      byDefault(`days>=${DAYS_TO_TRUST}`, `seen on fewer than ${DAYS_TO_TRUST} days it may be an accident`),
    validity:
      chosen('validity') ??
      byDefault(`${VALID_DAYS[agentClass]}d`, `agents of class ${agentClass} are derived again in that time`),
  }
}

/** True for what the decision can be; with a kind, for what it can be in that layer. */
export function isDecisionValue(name: DecisionName, value: string, kind?: ArtifactKind): boolean {
  switch (name) {
    case 'confidence':
      return minimumDays(value) !== undefined
    case 'validity':
      return validDays(value) !== undefined
    case 'granularity':
    case 'closure': {
      const all: Readonly<Record<ArtifactKind, readonly string[]>> = VALUES[name]
      return kind === undefined
        ? Object.values(all).some((values) => values.includes(value))
        : all[kind].includes(value)
    }
  }
}

/** Entries of the profile that may become lines: neither faded nor thinner than the confidence decision lets in. */
export function admittedFacts(
  facts: Pick<GeneratorFacts, 'entries'>,
  { confidence }: Pick<DerivationDecisions, 'confidence'>,
): readonly ProfileFact[] {
  const least = minimumDays(confidence.value) ?? DAYS_TO_TRUST
  return facts.entries.filter(({ recency, daysSeen }) => recency >= LEFT_OUT_BELOW && daysSeen >= least)
}

/** Days of `days>=N`; undefined for anything else. */
function minimumDays(value: string): number | undefined {
  const match = /^days>=([1-9]\d{0,2})$/.exec(value)
  return match === null ? undefined : Number(match[1])
}

/** Days of `Nd`; undefined for anything else. A policy that holds for more than a year is never derived again. */
export function validDays(value: string): number | undefined {
  const match = /^([1-9]\d{0,2})d$/.exec(value)
  const days = match === null ? undefined : Number(match[1])
  return days === undefined || days > 366 ? undefined : days
}

const GRANULARITY_REASONS: Readonly<Record<ArtifactKind, string>> = {
  'network-policy': 'the grammar knows addresses and no names',
  'cilium-network-policy': 'addresses behind a name change, the name stays',
  'host-egress': 'addresses behind a name change, the name stays',
  seccomp: 'a filter sees the call and its numbers, not what they point at',
  'mcp-tools': 'a tool whose definition changed is another tool',
  'aws-iam': 'objects come and go in a bucket, the bucket stays',
  'gcp-role': 'a role holds permissions; resources stand in its binding',
  'azure-role': 'a role holds permissions; resources stand in its scopes',
}

const CLOSURE_REASONS: Readonly<Record<(typeof VALUES.closure)[ArtifactKind][number], string>> = {
  none: 'what was seen is all that is let through',
  family: 'a library or model update takes another call of the same family for the same work',
  'action-class': 'actions of one documented class read or write the same data',
}
