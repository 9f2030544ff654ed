import { PROVIDER_CONSTRAINTS, type Capability } from '@holdfast/model'
import { constrained, evidence, type Check } from './checks.ts'
import type { DiagnosticTarget } from './facts.ts'

type Hosted = NonNullable<DiagnosticTarget['hostedBy']>

/** Why something cannot be had of an agent that a provider runs: by the API that gives the rest, or that there is not. */
export function providerLimit({ kind, platform, api }: Hosted, capability: Capability): string {
  const constraint = kind === undefined ? undefined : PROVIDER_CONSTRAINTS[kind][capability]
  return constraint === undefined
    ? `${platform} runs the process and shows none of what it does (${api})`
    : `${platform} runs the process (${constraint.api}): ${constraint.reason}`
}

/** The checks of a capability with what its platform leaves out of it (MGD-1); as they are where it gives all, or it is said already. */
export function withProvider(
  checks: readonly Check[],
  { hostedBy }: DiagnosticTarget,
  capability: Capability,
): readonly Check[] {
  if (hostedBy?.kind === undefined || PROVIDER_CONSTRAINTS[hostedBy.kind][capability].means === 'given') return checks
  if (checks.some(({ outcome }) => outcome === 'constrained')) return checks
  return [
    ...checks,
    constrained('what the platform shows of it', providerLimit(hostedBy, capability), [providerAnswer(hostedBy)]),
  ]
}

/** The document of the provider that says so. */
export function providerAnswer({ entry }: Hosted): Check['evidence'][number] {
  return evidence('the answer of the provider', [entry])
}
