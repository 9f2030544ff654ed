/** Scenarios by name; `-b` is a variant, `-twin` differs in nothing but the cause. */
export const INCIDENT_SCENARIO_NAMES = [
  'sanctioned-bucket',
  'sanctioned-bucket-b',
  'sanctioned-bucket-twin',
  'six-events',
  'six-events-b',
  'six-events-twin',
  'quiet-retrieval',
  'quiet-retrieval-twin',
  'three-clean-profiles',
  'three-clean-profiles-twin',
  'guideline-contamination',
  'guideline-contamination-twin',
  'refund-agent',
  'refund-agent-b',
  'refund-agent-twin',
  'batch-extractor',
  'batch-extractor-twin',
  'memory-poisoning',
  'memory-poisoning-twin',
  'benign-rollout',
  'benign-rollout-b',
  'autoscale-churn',
  'autoscale-churn-twin',
] as const

export type IncidentScenarioName = (typeof INCIDENT_SCENARIO_NAMES)[number]
