import { RUNGS } from '@holdfast/model'
import fc from 'fast-check'
import { expect, test } from 'vitest'

import { ladderInputs } from '../testing/ladder-inputs.ts'
import { chosenByPerson } from './chosen-rung.ts'
import type { LadderInputs } from './inputs.ts'
import { rungHeight } from './rungs.ts'
import { selectRung } from './select-rung.ts'

function rolesOf(inputs: LadderInputs, rung: (typeof RUNGS)[number]): readonly string[] {
  const approval = chosenByPerson(selectRung(inputs), rung, inputs).steps[0]?.approval
  return approval?.kind === 'people' ? approval.roles : []
}

test('an analyst who may let an agent be watched may not let it be killed: on-call answers, and compliance where it is reportable', () => {
  const attempt = ladderInputs({ outcome: 'attempt' })
  expect(rolesOf(attempt, 'kill')).toEqual(['on-call'])
  expect(rolesOf({ ...attempt, duties: ['DORA'] }, 'kill')).toEqual(['on-call', 'compliance'])
  const unsure = ladderInputs({ confidence: 0.3, harm: { speed: 'slow', isReversible: true }, duties: ['DORA'] })
  expect(selectRung(unsure).row.number).toBe(3)
  expect(rolesOf(unsure, 'restrict')).toEqual(['on-call', 'compliance'])
})

test('whatever a person chooses above watch, no analyst alone says yes, and no duty or life is forgotten', () => {
  const some = fc.record({
    outcome: fc.constantFrom<LadderInputs['outcome']>('incident', 'attempt'),
    confidence: fc.constantFrom(0.3, 0.8),
    duties: fc.constantFrom<readonly string[]>([], ['DORA']),
    lifeSafety: fc.constantFrom<LadderInputs['lifeSafety']>({ kind: 'no' }, { kind: 'yes', takeover: 'working' }),
    isLive: fc.boolean(),
  })
  fc.assert(
    fc.property(some, fc.constantFrom(...RUNGS.slice(1)), (change, rung) => {
      const inputs = ladderInputs(change)
      // The ladder's own first rung stays as the table has it.
      if (selectRung(inputs).rung === rung) return
      const roles = rolesOf(inputs, rung)
      expect(roles).not.toContain('analyst')
      expect(roles.some((role) => role !== 'compliance')).toBe(true)
      if (inputs.duties.length > 0) expect(roles).toContain('compliance')
      if (inputs.lifeSafety.kind === 'yes' && rungHeight(rung) >= rungHeight('pause'))
        expect(roles).toContain('service-owner')
    }),
    { numRuns: 300 },
  )
})
