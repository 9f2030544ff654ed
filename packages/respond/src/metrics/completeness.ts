import type { ArtifactId, EvidenceStatus } from '@holdfast/model'

import type { EvidenceInHand } from '../ladder/inputs.ts'

/**
 * Formula 6.5 over all conversations of an incident: for each artifact the values of all expected items by all that are
 * expected, and the least artifact for the whole. Nothing expected anywhere is 0, as absence is no proof (FC5).
 */
export function incidentEvidence(statuses: readonly EvidenceStatus[], isSealed: boolean): EvidenceInHand {
  const sums = new Map<ArtifactId, { readonly name: string; readonly value: number; readonly expected: number }>()
  for (const { artifacts } of statuses) {
    for (const { id, name, completeness, expected } of artifacts) {
      const before = sums.get(id) ?? { name, value: 0, expected: 0 }
      sums.set(id, {
        name,
        value: before.value + (completeness ?? 0) * expected,
        expected: before.expected + expected,
      })
    }
  }
  const artifacts = [...sums]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([id, { name, value, expected }]) => ({
      id,
      name,
      // One that is whole in every conversation is whole: a sum of fractions must not say 0.9999.
      ...(expected === 0
        ? {}
        : { completeness: isWhole(statuses, id) ? 1 : Math.min(value / expected, LESS_THAN_ONE) }),
    }))
  const measured = artifacts.flatMap(({ completeness }) => completeness ?? [])
  return { completeness: measured.length === 0 ? 0 : Math.min(...measured), isSealed, artifacts }
}

const LESS_THAN_ONE = 1 - Number.EPSILON

function isWhole(statuses: readonly EvidenceStatus[], id: ArtifactId): boolean {
  return statuses.every(({ artifacts }) =>
    artifacts.every((artifact) => artifact.id !== id || artifact.expected === 0 || artifact.completeness === 1),
  )
}
