/** What a profile is kept of, per Deployment. */
export const PROFILE_DIMENSIONS = [
  'tool',
  'tool-arguments',
  'tool-order',
  'destination',
  'file',
  'executable',
  'syscall',
  'identity',
  'model',
  'prompt-template',
  'retrieval-source',
  'memory',
  'delegate',
] as const

export type ProfileDimension = (typeof PROFILE_DIMENSIONS)[number]

/** What is measured per execution beside what occurs. */
export const VOLUME_MEASURES = ['calls', 'model-calls', 'input-tokens', 'output-tokens', 'rows', 'bytes-out'] as const

export type VolumeMeasure = (typeof VOLUME_MEASURES)[number]

/** What an agent is, by what it does; the baseline it starts from and the limits of its convergence follow. */
export const AGENT_CLASSES = [
  'retrieval',
  'support',
  'transaction',
  'pipeline',
  'code-execution',
  'orchestrator',
  'unclassified',
] as const

export type AgentClass = (typeof AGENT_CLASSES)[number]
