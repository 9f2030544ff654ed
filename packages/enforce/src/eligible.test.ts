import { expect, test } from 'vitest'
import { refusalOf } from './eligible.ts'
import type { GeneratorFacts } from './generator.ts'
import { factsFixture } from './testing/facts.ts'

const profileOf = (changed: Partial<GeneratorFacts['profile']>): GeneratorFacts =>
  factsFixture({ profile: { ...factsFixture().profile, ...changed } })

test('what settled, and what is known not to settle, may become a policy', () => {
  expect(refusalOf(profileOf({}))).toBeUndefined()
  expect(refusalOf(profileOf({ status: 'non-convergent' }))).toBeUndefined()
})

test.each([
  [{ status: 'none' as const }, 'no-profile'],
  [{ status: 'observing' as const, verdict: '3 of 14 days' }, 'observation-incomplete'],
  [{ status: 'contaminated' as const }, 'profile-contaminated'],
  [{ partial: '2 processes were running before they were watched' }, 'profile-partial'],
])('a profile of %j is refused by name, with what is missing', (changed, code) => {
  const refusal = refusalOf(profileOf(changed))
  expect(refusal).toMatchObject({ status: 'refused', code })
  expect(refusal?.missing).toHaveLength(1)
})

test('on the pre-enforced track a staging profile that passed parity is enough, and nothing else is', () => {
  const observing = profileOf({ status: 'observing' })
  const passed = { staging: 'host:staging/desk', parityPassed: true, reason: 'all was shown' }
  expect(refusalOf({ ...observing, preEnforced: passed })).toBeUndefined()
  expect(refusalOf({ ...factsFixture(), preEnforced: { ...passed, parityPassed: false } })).toMatchObject({
    code: 'observation-incomplete',
  })
  expect(refusalOf({ ...profileOf({ partial: 'late' }), preEnforced: passed })).toMatchObject({
    code: 'profile-partial',
  })
})

test('a layer of the machine is refused where a provider hosts the agent, and its own authority is not', () => {
  const hosted = factsFixture({ agent: { ...factsFixture().agent, managedBy: 'aws' } })
  expect(refusalOf(hosted, 'seccomp')).toMatchObject({ code: 'constrained-by-provider' })
  expect(refusalOf(hosted, 'aws-iam')).toBeUndefined()
})
