import { RUNGS, type Rung } from '@holdfast/model'

import type { Alternative, Decision } from './decision.ts'
import type { EvidenceInHand, LadderInputs } from './inputs.ts'
import { softestSufficient } from './overlays.ts'
import { harderThan, RUNG_NATURE, type RungNature, rungHeight, softerThan } from './rungs.ts'

/** The rungs to both sides of the chosen one, with what they would stop and cost. */
export function alternativesOf(rung: Rung, inputs: LadderInputs): Pick<Decision, 'softer' | 'harder'> {
  const softer = softerThan(rung)
  const harder = harderThan(rung)
  const enough = softestSufficient(inputs)
  return {
    ...(softer === undefined ? {} : { softer: alternative(softer, inputs.evidence, whyNotSofter(softer, enough)) }),
    ...(harder === undefined ? {} : { harder: alternative(harder, inputs.evidence, whyNotHarder(harder, rung)) }),
  }
}

/** One rung beside the others: what it would do now, and why it is the one or not. */
export type RungChoice = RungNature & {
  readonly rung: Rung
  readonly standing: 'chosen' | 'softer' | 'harder'
  readonly why: string
  readonly evidenceCost: string
  /** Artifacts that would stay as they are, for good: nothing more could be captured. */
  readonly loses: readonly string[]
}

/** The whole ladder as it stands for one incident, softest first. */
export function rungChoices({ rung: chosen, row }: Decision, inputs: LadderInputs): readonly RungChoice[] {
  const enough = softestSufficient(inputs)
  return RUNGS.map((rung) => {
    const distance = rungHeight(rung) - rungHeight(chosen)
    const standing = distance === 0 ? 'chosen' : distance < 0 ? 'softer' : 'harder'
    return {
      rung,
      ...RUNG_NATURE[rung],
      standing,
      why: distance === 0 ? row.words : distance < 0 ? whyNotSofter(rung, enough) : whyNotHarder(rung, chosen),
      evidenceCost: evidenceCostOf(rung, inputs.evidence),
      loses: losesOf(rung, inputs.evidence),
    }
  })
}

function losesOf(rung: Rung, { artifacts }: EvidenceInHand): readonly string[] {
  if (RUNG_NATURE[rung].isReversible) return []
  return artifacts
    .filter(({ completeness }) => completeness !== undefined && completeness < 1)
    .map(({ id, name, completeness }) => `${id} ${name}, at ${percentOf(completeness ?? 0)}`)
}

function alternative(rung: Rung, evidence: EvidenceInHand, whyNot: string): Alternative {
  const { stops, keeps, isReversible } = RUNG_NATURE[rung]
  return { rung, stops, keeps, isReversible, evidenceCost: evidenceCostOf(rung, evidence), whyNot }
}

/** What would be lost, by artifact, if the rung were applied to what is in hand now. */
export function evidenceCostOf(rung: Rung, { artifacts, isSealed }: EvidenceInHand): string {
  switch (rung) {
    case 'watch':
    case 'restrict':
    case 'soft-quarantine':
      return 'none: capture goes on'
    case 'pause':
      return 'none of what is there; nothing new comes while it is frozen'
    case 'stop':
    case 'kill': {
      const gaps = artifacts.filter(({ completeness }) => completeness !== undefined && completeness < 1)
      const lost = gaps.map(({ id, name, completeness }) => `${id} ${name} stays at ${percentOf(completeness ?? 0)}`)
      const seal = isSealed ? [] : ['nothing is sealed yet']
      return ['memory and open connections are lost', ...lost, ...seal].join('; ')
    }
  }
}

function whyNotSofter(softer: Rung, enough: Rung): string {
  return rungHeight(softer) < rungHeight(enough)
    ? `it would not stop the harm: that takes ${RUNG_NATURE[enough].code}`
    : 'it stops the harm that was seen, and leaves the agent room for other harm'
}

function whyNotHarder(harder: Rung, rung: Rung): string {
  const { isReversible, stops } = RUNG_NATURE[harder]
  if (!isReversible) return 'it cannot be undone'
  return `it also stops ${stops}, and ${RUNG_NATURE[rung].code} is enough for what was seen`
}

/** Rounded down, so that "100 %" is said of nothing else. */
function percentOf(share: number): string {
  return `${Math.floor(share * 100)} %`
}
