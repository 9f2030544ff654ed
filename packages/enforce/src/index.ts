export type {
  Generation,
  GenerationRefusal,
  Generator,
  GeneratorFacts,
  GrantFact,
  ProfileFact,
  UseFact,
} from './generator.ts'
