import { benignRollout, benignRolloutTampered } from './benign-rollout/scenario.ts'
import { autoscaleChurn, autoscaleChurnTwin } from './autoscale-churn/scenario.ts'
import { batchExtractor, batchExtractorTwin } from './batch-extractor/scenario.ts'
import { sanctionedBucket, sanctionedBucketMisread, sanctionedBucketTwin } from './sanctioned-bucket/scenario.ts'
import { guidelineContamination, guidelineContaminationTwin } from './guideline-contamination/scenario.ts'
import { memoryPoisoning, memoryPoisoningTwin } from './memory-poisoning/scenario.ts'
import { refundAgent, refundAgentRevealed, refundAgentTwin } from './refund-agent/scenario.ts'
import { sixEvents, sixEventsEscaped, sixEventsTwin } from './six-events/scenario.ts'
import { quietRetrieval, quietRetrievalTwin } from './quiet-retrieval/scenario.ts'
import { threeCleanProfiles, threeCleanProfilesTwin } from './three-clean-profiles/scenario.ts'
import type { IncidentScenarioName } from './names.ts'
import type { IncidentScenario } from './scenario.ts'

const ALL: readonly IncidentScenario[] = [
  sanctionedBucket,
  sanctionedBucketMisread,
  sanctionedBucketTwin,
  quietRetrieval,
  quietRetrievalTwin,
  threeCleanProfiles,
  threeCleanProfilesTwin,
  benignRollout,
  benignRolloutTampered,
  sixEvents,
  sixEventsEscaped,
  sixEventsTwin,
  refundAgent,
  refundAgentRevealed,
  refundAgentTwin,
  batchExtractor,
  batchExtractorTwin,
  guidelineContamination,
  guidelineContaminationTwin,
  memoryPoisoning,
  memoryPoisoningTwin,
  autoscaleChurn,
  autoscaleChurnTwin,
]

/** The scenario of a name; undefined where none is called so. */
export function incidentScenario(name: string): IncidentScenario | undefined {
  return ALL.find((scenario) => scenario.name === name)
}

/** Names of the scenarios that there are, each with what it tells. */
export function incidentScenarios(): readonly { readonly name: IncidentScenarioName; readonly tells: string }[] {
  return ALL.map(({ name, tells }) => ({ name, tells }))
}
