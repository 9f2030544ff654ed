import { expect, test } from 'vitest'
import { parityOf, trackOf, type TrackFacts } from './track.ts'

const facts: TrackFacts = {
  dataClasses: ['internal'],
  isLifeSafety: false,
  isReportable: false,
  stated: undefined,
  parity: undefined,
  isEnforced: false,
}

test('an agent that writes health data goes track 2 with the reason, and may not start before its staging profile', () => {
  expect(trackOf({ ...facts, dataClasses: ['health:write'] })).toEqual({
    track: 2,
    reasons: ['handles health data'],
    obstacles: ['no profile from staging passed the parity gate', 'no policy from a staging profile is enforced'],
  })
})

test('with parity passed and its policy enforced nothing stands in its way', () => {
  const passed = { ...facts, dataClasses: ['health'], parity: 'host:-/staging' }
  expect(trackOf(passed).obstacles).toEqual(['no policy from a staging profile is enforced'])
  expect(trackOf({ ...passed, isEnforced: true })).toMatchObject({ track: 2, obstacles: [] })
})

test('an agent without any of the reasons is observed in production first', () => {
  expect(trackOf(facts)).toEqual({
    track: 1,
    reasons: ['no regulated data, no life at stake, nothing reportable'],
    obstacles: [],
  })
})

test('that nobody stated data classes is said and never read as none', () => {
  expect(trackOf({ ...facts, dataClasses: undefined }).reasons).toContain('nobody stated its data classes')
})

test('life-safety and reportable agents go track 2 whatever they handle', () => {
  expect(trackOf({ ...facts, isLifeSafety: true }).track).toBe(2)
  expect(trackOf({ ...facts, isReportable: true }).track).toBe(2)
})

test('an operator decides, and the reasons of the data stay beside it', () => {
  const stated = { track: 1 as const, by: 'kim', reason: 'synthetic patients' }
  expect(trackOf({ ...facts, dataClasses: ['health'], stated })).toMatchObject({
    track: 1,
    reasons: ['stated by kim: synthetic patients', 'handles health data'],
  })
})

test('a promotion names the one tool and the one destination that staging never showed', () => {
  const declared = { tools: ['lookup', 'refund'], destinations: ['api.example.com:443', 'crm.example.com'] }
  const observed = { tools: ['desk/lookup'], destinations: ['api.example.com:443', 'other.example.com:443'] }
  expect(parityOf(declared, observed)).toEqual({ missingTools: ['refund'], missingDestinations: ['crm.example.com'] })
  expect(
    parityOf(declared, { tools: ['lookup', 'refund'], destinations: ['api.example.com:443', 'crm.example.com:443'] }),
  ).toEqual({
    missingTools: [],
    missingDestinations: [],
  })
})
