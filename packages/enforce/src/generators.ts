import type { ArtifactKind } from '@holdfast/model'
import { awsIam } from './aws/generator.ts'
import { azureRole } from './azure/generator.ts'
import { ciliumPolicyGenerator } from './cilium/cilium-policy.ts'
import { gcpRole } from './gcp/generator.ts'
import type { Generator } from './generator.ts'
import { hostEgressGenerator } from './host/host-egress.ts'
import { mcpToolsGenerator } from './mcp/mcp-tools.ts'
import { networkPolicyGenerator } from './network/network-policy.ts'
import { seccompGenerator } from './seccomp/seccomp.ts'

/** Every layer that policies are made for, in the order in which they are listed. */
export const GENERATORS: readonly Generator[] = [
  networkPolicyGenerator,
  ciliumPolicyGenerator,
  seccompGenerator,
  hostEgressGenerator,
  mcpToolsGenerator,
  awsIam,
  gcpRole,
  azureRole,
]

/** The one of a layer; undefined where the layer has none. */
export function generatorOf(kind: ArtifactKind): Generator | undefined {
  return GENERATORS.find((generator) => generator.kind === kind)
}
