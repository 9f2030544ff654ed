import type { PolicyArtifact } from '@holdfast/model'
import type { Generator, GeneratorFacts } from '../generator.ts'

/** The artifact that a generator makes; throws with its reason where it refuses. */
export function madeBy(generator: Generator, facts: GeneratorFacts): PolicyArtifact {
  const generation = generator.generate(facts)
  if (generation.status === 'refused') throw new Error(generation.reason)
  return generation.artifact
}
