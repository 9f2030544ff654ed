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
export { admittedFacts, DECISION_NAMES, decisionsFor, isDecisionValue, type DecisionName } from './decisions.ts'
export { refusalOf } from './eligible.ts'
