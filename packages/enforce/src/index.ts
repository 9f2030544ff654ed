export type {
  Generation,
  GenerationRefusal,
  Generator,
  GeneratorFacts,
  GrantFact,
  ProfileFact,
  ToolFact,
  UseFact,
} from './generator.ts'
export { GENERATORS, generatorOf } from './generators.ts'
export { artifactId, groundOf, makeArtifact, type ArtifactDraft } from './artifact.ts'
export { admittedFacts, decisionsFor, isDecisionValue } from './decisions.ts'
export { refusalOf } from './eligible.ts'
export {
  enforceOf,
  reportOf,
  rollbackOf,
  startOf,
  type RolloutRefusal,
  type Selection,
  type StepFacts,
} from './rollout/gate.ts'
export { inForceAt, lapsed, type InForce } from './rollout/in-force.ts'
export { stagesOf, type ObservationFacts, type StageStep } from './rollout/stage.ts'
export {
  groupKey,
  newestOf,
  NO_ROLLOUT,
  withRecord,
  type ForcePeriod,
  type Generated,
  type GroupState,
  type PolicyRecord,
  type RolloutState,
} from './rollout/state.ts'
export { Simulation, type Denial, type Judged, type Simulated } from './simulate.ts'
export { awsIam } from './aws/generator.ts'
export { deriveAwsIam } from './aws/derive.ts'
export type { AwsIamDocument } from './aws/document.ts'
export { tellsSecrets } from './aws/never-legitimate.ts'
export { policySize } from './aws/policy-document.ts'
export { actionLevel } from './aws/reference.ts'
export { hostOf, restrictedBy, type Restricted } from './host/restricted.ts'
export { clusterNetworkPolicies } from './network/cluster-policy.ts'
export { clusterEffect } from './network/effective.ts'
export { gitopsFiles, type PolicyFile } from './gitops/gitops.ts'
