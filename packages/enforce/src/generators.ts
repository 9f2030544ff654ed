import type { ArtifactKind } from '@holdfast/model'
import { awsIam } from './aws/generator.ts'
import type { Generator } from './generator.ts'

/** Every layer that policies are made for, in the order in which they are listed. */
export const GENERATORS: readonly Generator[] = [awsIam]

export function generatorOf(kind: ArtifactKind): Generator | undefined {
  return GENERATORS.find((generator) => generator.kind === kind)
}
