import type { ChainTemplate, EventKind, IncidentType, Surface } from '@holdfast/model'
import type { Expression } from './expression.ts'
import type { Formula } from './predicate.ts'

/** Severity, as Sigma names it. */
export const LEVELS = ['informational', 'low', 'medium', 'high', 'critical'] as const
export type Level = (typeof LEVELS)[number]

/** How far a rule speaks by itself where it does not say. From 0.5 on a signal makes an incident. */
export const LEVEL_STRENGTH: Readonly<Record<Level, number>> = {
  informational: 0.1,
  low: 0.2,
  medium: 0.3,
  high: 0.5,
  critical: 0.7,
}

/** Which events a rule is held against, by the category of its log source. */
export const CATEGORIES: Readonly<Record<string, { readonly kinds: readonly EventKind[]; readonly surface: Surface }>> =
  {
    ai_agent: {
      kinds: [
        'prompt',
        'model-output',
        'tool-call',
        'tool-result',
        'context-item',
        'memory',
        'invocation',
        'delegation',
        'identity',
        'guardrail',
        'egress',
        'step',
        'component',
        'declaration',
        'change',
      ],
      surface: 'S2',
    },
    mcp: { kinds: ['tool-definition', 'tool-catalogue', 'tool-call', 'tool-result'], surface: 'S2' },
    llm: { kinds: ['prompt', 'model-call', 'model-output'], surface: 'S1' },
    kernel: {
      kinds: ['process', 'file', 'connection', 'dns', 'kernel', 'syscall-set', 'socket'],
      surface: 'S2',
    },
    authority: { kinds: ['api-call', 'identity', 'change'], surface: 'S3' },
  }

/** What a rule says of itself, for lists. */
export type RuleFacts = {
  /** `<folder>`, or `<folder>/<name>` where its file reports several. */
  readonly name: string
  readonly id?: string
  readonly title: string
  readonly description?: string
  readonly level: Level
  readonly status?: string
  readonly tags: readonly string[]
  readonly kind: 'event' | 'correlation'
  readonly category?: string
  readonly speaksFor?: IncidentType
  readonly strength: number
  readonly surface: Surface
  readonly template?: ChainTemplate
  /** Detectors that say the same: where one does, of the same event, the rule is silent. */
  readonly restates: readonly string[]
  /** False where it is there for a correlation or a memory only. */
  readonly isReported: boolean
  readonly file: string
}

/** What every document of a rule file says, whether it looks at events or at other rules. */
export type Head = {
  readonly title: string
  readonly id?: string
  readonly own?: string
  readonly level: Level
  readonly description?: string
  readonly status?: string
  readonly tags: readonly string[]
  readonly shown: readonly string[]
}

/** A value that a match leaves for later ones of the same agent, for a while. */
export type Memory = {
  readonly name: string
  readonly field: string
  readonly ttlNanos: bigint
  /** Both are of the event: a rule cannot name another agent or conversation. */
  readonly within: 'agent' | 'conversation'
}

export type Recalled = { readonly name: string; readonly field: string }

export type EventRule = RuleFacts & {
  readonly kind: 'event'
  readonly names: readonly string[]
  readonly kinds: readonly EventKind[]
  readonly formula: Formula
  readonly where?: Expression
  readonly remember?: Memory
  readonly recall?: Recalled
  /** Fields whose values are shown, and those that tell repeats apart. */
  readonly shown: readonly string[]
  readonly repeat: readonly string[]
}

export type CorrelationType =
  | 'event_count'
  | 'value_count'
  | 'temporal'
  | 'temporal_ordered'
  | 'value_sum'
  | 'value_avg'
  | 'value_percentile'

export type CorrelationRule = RuleFacts & {
  readonly kind: 'correlation'
  readonly names: readonly string[]
  readonly type: CorrelationType
  /** Names or ids of the rules that it correlates, in order. */
  readonly refers: readonly { readonly name: string; readonly at: number }[]
  /** Alias -> rule -> field. */
  readonly aliases: ReadonlyMap<string, ReadonlyMap<string, string>>
  readonly groupBy: readonly string[]
  readonly spanNanos: bigint
  readonly field?: string
  readonly percentile: number
  readonly isMet: (value: number) => boolean
  readonly generates: boolean
  readonly shown: readonly string[]
  readonly repeat: readonly string[]
}

export type Rule = EventRule | CorrelationRule
