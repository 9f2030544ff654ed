import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { evaluateIam, type IamFigures, type IamOptions } from './evaluate-iam.ts'
import { readHistories } from './histories.ts'
import { derived, partsOf } from './split.ts'

const FOLDER = join(import.meta.dirname, '../../../../../../shared/data/stratus')
const OPTIONS: IamOptions = { folder: FOLDER, labels: undefined, neutralised: false, allOrdinary: false, split: 0.5 }
const CHOICE = { granularity: 'container', closure: 'action-class' } as const

// The recordings are public and lie beside the repository, not in it: without them there is nothing to measure.
describe.skipIf(!existsSync(FOLDER))('public CloudTrail of executed techniques', () => {
  test('policies of earlier ordinary calls deny every technique and let most of what follows', () => {
    const report = evaluateIam(OPTIONS)
    for (const figures of [report, report.pooled]) {
      expect(figures.denied.calls).toBeGreaterThan(10)
      expect(figures.denied.rate).toBe(1)
      // Floors of what was measured, so that a later change cannot lose it unseen.
      expect(figures.allowed.rate ?? 0).toBeGreaterThan(0.85)
    }
    // A policy of whole services lets techniques through: it is the policy that denies, and not the split.
    expect(report.variants.at(-1)?.denied.rate).toBeLessThan(0.5)
  })
  test('names that tools left change nothing: no figure rests on them', () => {
    const rates = ({ allowed, denied, deniedAfter, withoutPolicy }: IamFigures): unknown => [
      allowed,
      denied,
      deniedAfter,
      withoutPolicy,
    ]
    const [plain, replaced] = [evaluateIam(OPTIONS), evaluateIam({ ...OPTIONS, neutralised: true })]
    expect(rates(replaced)).toEqual(rates(plain))
    expect(rates(replaced.pooled)).toEqual(rates(plain.pooled))
  })
  test('a policy knows nothing of what came later', () => {
    for (const history of readHistories(OPTIONS).histories) {
      const { earlier } = partsOf(history, 0.5)
      const whole = derived(history, earlier, CHOICE)
      const cut = derived({ ...history, calls: earlier }, earlier, CHOICE)
      expect(cut.status).toBe(whole.status)
      if (whole.status === 'made' && cut.status === 'made') expect(cut.artifact.id).toBe(whole.artifact.id)
    }
  })
})
