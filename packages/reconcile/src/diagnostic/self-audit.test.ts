import { expect, test } from 'vitest'
import { diagnose, verdictsOf } from './diagnostic.ts'
import { auditDifference, nextAudit } from './self-audit.ts'
import { wholeFacts } from './testing/facts.ts'

test('two audits differ in what became better and worse, questions first', () => {
  const whole = verdictsOf(diagnose(wholeFacts()))
  const without = verdictsOf(diagnose({ ...wholeFacts(), audit: undefined, scope: undefined }))
  expect(auditDifference(whole, whole)).toEqual([])
  expect(auditDifference(whole, without)).toEqual([
    { of: 'Q5', from: 'yes', to: 'no', direction: 'worse' },
    { of: 'C4', from: 'covered', to: 'missing', direction: 'worse' },
    { of: 'C9', from: 'covered', to: 'missing', direction: 'worse' },
  ])
  expect(auditDifference(without, whole).map(({ direction }) => direction)).toEqual(['better', 'better', 'better'])
})

test('the first audit is due with the schedule, the next a period after the last, none without a schedule', () => {
  const day = 86_400_000
  expect(nextAudit({ everyDays: 91, since: 5 * day }, undefined)).toBe(5 * day)
  expect(nextAudit({ everyDays: 91, since: 5 * day }, 6 * day)).toBe(97 * day)
  expect(nextAudit({ everyDays: 0, since: 5 * day }, 6 * day)).toBeUndefined()
})
