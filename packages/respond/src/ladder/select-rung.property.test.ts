import { INCIDENT_TYPES, RUNGS, TRUST_TIERS } from '@holdfast/model'
import fc from 'fast-check'
import { expect, test } from 'vitest'

import type { LadderInputs } from './inputs.ts'
import { matches, ROWS } from './rows.ts'
import { settle } from './settle.ts'
import { traitsOf } from './traits.ts'
import { FAMILY_OF, RUNG_NATURE, rungHeight } from './rungs.ts'
import { selectRung } from './select-rung.ts'

const known = fc.constantFrom(true, false, 'unknown' as const)

const anyInputs: fc.Arbitrary<LadderInputs> = fc
  .record({
    outcome: fc.constantFrom('incident' as const, 'attempt' as const),
    type: fc.constantFrom(...INCIDENT_TYPES),
    contributing: fc.subarray([...INCIDENT_TYPES]),
    confidence: fc.oneof(fc.constantFrom(0, 0.59, 0.6, 1, Number.NaN), fc.double({ min: 0, max: 1 })),
    tier: fc.constantFrom(...TRUST_TIERS),
    isLive: known,
    isRestartable: known,
    harm: fc.record({
      speed: fc.constantFrom('fast' as const, 'slow' as const, 'unknown' as const),
      isReversible: known,
    }),
    reach: fc.constantFrom('inside' as const, 'neighbour' as const, 'host' as const, 'unknown' as const),
    evidence: fc.record({
      completeness: fc.constantFrom(0, 0.97, 1),
      isSealed: fc.boolean(),
      artifacts: fc.constant([]),
    }),
    duties: fc.subarray(['gdpr-33', 'us-bank-36h']),
    downstream: fc.array(fc.record({ receiver: fc.constantFrom('a', 'b', 'c'), isTainted: known })),
    lifeSafety: fc.oneof(
      fc.constant({ kind: 'no' as const }),
      fc.record({
        kind: fc.constant('yes' as const),
        takeover: fc.constantFrom('working' as const, 'not-tried' as const, 'failed' as const),
      }),
    ),
    narrow: fc.option(fc.constant('tool x'), { nil: undefined }),
    failedProbe: fc.option(fc.constantFrom(...RUNGS), { nil: undefined }),
  })
  .map(({ narrow, failedProbe, ...rest }) => ({
    ...rest,
    ...(narrow === undefined ? {} : { narrow }),
    ...(failedProbe === undefined ? {} : { failedProbe }),
  }))

const RUNS = { numRuns: 2_000 }

function holds(check: (inputs: LadderInputs) => void): void {
  // A failure prints its seed and the smallest case.
  fc.assert(fc.property(anyInputs, check), RUNS)
}

test('L1 there is an answer for every input, and it is that of the first row that matches', () => {
  holds((inputs) => {
    const settled = settle(inputs)
    const traits = traitsOf(inputs, settled)
    const matching = ROWS.filter(({ when }) => when.some((match) => matches(match, traits))).map(({ number }) => number)
    expect(selectRung(inputs).row.number).toBe(Math.min(...matching))
  })
})

test('L2 only what can be undone is automatic, row 4 excepted', () => {
  holds((inputs) => {
    const { steps, cuts, row } = selectRung(inputs)
    for (const { approval, nature } of steps) {
      if (approval.kind === 'automatic' && row.number !== 4) expect(nature.isReversible).toBe(true)
    }
    for (const { approval, isReversible } of cuts) if (!isReversible) expect(approval).toBe('person')
  })
})

test('L3 nothing above the soft quarantine is automatic where stopping is reportable or lives depend on it', () => {
  holds((inputs) => {
    if (inputs.duties.length === 0 && inputs.lifeSafety.kind === 'no') return
    for (const { rung, approval } of selectRung(inputs).steps) {
      if (rungHeight(rung) > rungHeight('soft-quarantine')) expect(approval.kind).toBe('people')
    }
  })
})

test('L3 a duty never makes the rung harder', () => {
  holds((inputs) => {
    const without = selectRung({ ...inputs, duties: [] })
    const withDuty = selectRung({ ...inputs, duties: ['gdpr-33'] })
    expect(rungHeight(withDuty.rung)).toBeLessThanOrEqual(rungHeight(without.rung))
  })
})

test('L4 stop and kill wait for the seal, and kill for the whole chain', () => {
  holds((inputs) => {
    for (const { rung, gates } of selectRung(inputs).steps) {
      const open = (gate: string) => gates.find((each) => each.gate === gate)?.isOpen
      if (rung === 'stop' || rung === 'kill') expect(open('seal')).toBe(inputs.evidence.isSealed)
      if (rung === 'kill') expect(open('complete-chain')).toBe(inputs.evidence.completeness === 1)
    }
  })
})

test('L5 what agents say of themselves alone, and what is assumed, makes nothing automatic', () => {
  holds((inputs) => {
    const { steps, assumptions } = selectRung(inputs)
    if (inputs.tier !== 'self-reported' && assumptions.length === 0) return
    expect(steps.map(({ approval }) => approval.kind)).not.toContain('automatic')
  })
})

test('rungs of one decision grow harder, and the neighbours of the first one are named', () => {
  holds((inputs) => {
    const { steps, rung, softer, harder } = selectRung(inputs)
    const heights = steps.map((step) => rungHeight(step.rung))
    expect(heights).toEqual([...new Set(heights)].toSorted((a, b) => a - b))
    expect(softer?.rung).toBe(RUNGS[rungHeight(rung) - 1])
    expect(harder?.rung).toBe(RUNGS[rungHeight(rung) + 1])
  })
})

test('contributing types add only what can be undone', () => {
  holds((inputs) => {
    const alone = selectRung({ ...inputs, contributing: [] }).cuts.map(({ id }) => id)
    const added = selectRung(inputs).cuts.filter(({ id }) => !alone.includes(id))
    for (const { family, isReversible } of added) {
      expect(isReversible).toBe(true)
      expect(inputs.contributing.map((type) => FAMILY_OF[type])).toContain(family)
    }
  })
})

test('a rung that a probe got through is not the answer again', () => {
  holds((inputs) => {
    const { failedProbe } = inputs
    if (failedProbe === undefined || failedProbe === 'kill') return
    const { steps } = selectRung(inputs)
    expect(steps.some(({ rung }) => rungHeight(rung) > rungHeight(failedProbe))).toBe(true)
    expect(steps.map(({ rung }) => RUNG_NATURE[rung].code)).not.toContain(undefined)
  })
})

test('L5 an unknown that is not named as an assumption could have had any value', () => {
  const shown = (inputs: LadderInputs) => {
    const { row, deadline, steps } = selectRung(inputs)
    return { row, deadline, rungs: steps.map(({ rung }) => rung) }
  }
  holds((inputs) => {
    if (inputs.isRestartable === 'unknown' && selectRung(inputs).assumptions.every((words) => !/restart/.test(words))) {
      for (const isRestartable of [true, false]) expect(shown({ ...inputs, isRestartable })).toEqual(shown(inputs))
    }
    if (inputs.isLive === 'unknown' && selectRung(inputs).assumptions.every((words) => !/live/.test(words))) {
      for (const isLive of [true, false]) expect(shown({ ...inputs, isLive })).toEqual(shown(inputs))
    }
  })
})
