import { readFileSync } from 'node:fs'

import type { UnixNano } from '@holdfast/model'
import { formatRfc3339, parseRfc3339, RUNGS } from '@holdfast/model'
import fc from 'fast-check'
import { expect, test } from 'vitest'

import type { DutyQuestion } from './due.ts'
import { disruptionStart, dueAt, dutiesOfHold, dutyClocks } from './due.ts'
import type { Regimes } from './regimes.ts'
import { parseRegimes } from './regimes.ts'

const TEXT = readFileSync(new URL('../../../../runbooks/notification-clocks.yaml', import.meta.url), 'utf8')

function regimes(): Regimes['regimes'] {
  const parsed = parseRegimes(TEXT, 'clocks.yaml')
  if (parsed.status === 'refused') throw new Error(parsed.problems.map(({ message }) => message).join('\n'))
  return parsed.value.regimes
}

const time = (text: string): UnixNano => parseRfc3339(text)!
const HOUR = 3_600_000

function question(change: Partial<DutyQuestion> = {}): DutyQuestion {
  return {
    regimes: regimes(),
    enabled: new Set(['gdpr-33', 'us-bank-36h', 'nis2-23']),
    tags: new Set(['personal-data', 'bank']),
    starts: new Map([['awareness', time('2026-11-20T22:00:00Z')]]),
    done: new Map(),
    now: time('2026-11-21T00:00:00Z'),
    ...change,
  }
}

test('every regime that ships has its source and review date, and none claims to be verified law', () => {
  expect(regimes()).toHaveLength(12)
  for (const { grade, source } of regimes()) {
    expect(grade).not.toBe('verified')
    expect(source).toMatch(/^https:\/\//)
  }
})

test('D1 a clock runs only for a regime that is on and concerns the agent, from the moment that was stated', () => {
  const clocks = dutyClocks(question())
  expect(clocks.map(({ regime, stage, clock }) => [regime, stage, clock.status])).toEqual([
    ['gdpr-33', 'authority', 'running'],
    ['us-bank-36h', 'customers-of-provider', 'waiting'],
    ['us-bank-36h', 'regulator', 'waiting'],
  ])
  const [first] = clocks
  expect(first?.clock.status === 'running' && formatRfc3339(first.clock.dueAt)).toBe('2026-11-23T22:00:00Z')
  expect(dutyClocks(question({ enabled: new Set() }))).toEqual([])
})

test('what is late is overdue, what was sent is done, in time or not', () => {
  const late = time('2026-12-01T00:00:00Z')
  const [overdue] = dutyClocks(question({ now: late }))
  expect(overdue?.clock.status).toBe('overdue')
  const sent = (at: string) =>
    dutyClocks(question({ now: late, done: new Map([['gdpr-33/authority', time(at)]]) })).find(
      ({ regime }) => regime === 'gdpr-33',
    )?.clock
  expect(sent('2026-11-23T22:00:00Z')).toMatchObject({ status: 'done', isLate: false })
  expect(sent('2026-11-24T00:00:00Z')).toMatchObject({ status: 'done', isLate: true })
})

test('a quarantine of four hours at a bank is announced before it is approved, one of three is not', () => {
  const asked = question()
  expect(dutiesOfHold({ rung: 'soft-quarantine', ttlMs: 4 * HOUR }, asked)).toEqual(['us-bank-36h'])
  expect(dutiesOfHold({ rung: 'soft-quarantine', ttlMs: 3 * HOUR }, asked)).toEqual([])
  expect(dutiesOfHold({ rung: 'soft-quarantine', ttlMs: 0 }, asked)).toEqual(['us-bank-36h'])
  expect(dutiesOfHold({ rung: 'kill', ttlMs: HOUR }, asked)).toEqual(['us-bank-36h'])
  expect(dutiesOfHold({ rung: 'restrict', ttlMs: 0 }, asked)).toEqual([])
})

test('the clock that was announced starts once the hold has lasted so long', () => {
  const bank = regimes().find(({ id }) => id === 'us-bank-36h')!
  const from = time('2026-11-20T00:00:00Z')
  expect(disruptionStart(bank, from, time('2026-11-20T03:59:59Z'))).toBeUndefined()
  const start = disruptionStart(bank, from, time('2026-11-20T09:00:00Z'))!
  expect(formatRfc3339(start)).toBe('2026-11-20T04:00:00Z')
  const clocks = dutyClocks(question({ starts: new Map([['disruption', start]]) }))
  expect(clocks[0]).toMatchObject({ regime: 'us-bank-36h', clock: { status: 'at-once' } })
})

test('D2 a longer or harder hold never has fewer duties', () => {
  fc.assert(
    fc.property(fc.nat(5), fc.nat(5), fc.integer({ min: 1, max: 10 * HOUR }), fc.nat(10 * HOUR), (a, b, ttl, more) => {
      const asked = question({
        enabled: new Set(regimes().map(({ id }) => id)),
        tags: new Set(['bank', 'essential-entity', 'financial-entity']),
      })
      const [softer, harder] = [RUNGS[Math.min(a, b)]!, RUNGS[Math.max(a, b)]!]
      const before = dutiesOfHold({ rung: softer, ttlMs: ttl }, asked)
      expect(dutiesOfHold({ rung: harder, ttlMs: ttl + more }, asked)).toEqual(expect.arrayContaining([...before]))
    }),
  )
})

test('hours and days are exact, months end with the month, business days leave out the week end', () => {
  const due = (within: Parameters<typeof dueAt>[0], start: string) => formatRfc3339(dueAt(within, time(start)))
  expect(due({ hours: 36 }, '2026-03-28T12:00:00.000000001Z')).toBe('2026-03-30T00:00:00.000000001Z')
  expect(due({ days: 60 }, '2026-01-01T00:00:00Z')).toBe('2026-03-02T00:00:00Z')
  expect(due({ months: 1 }, '2027-01-31T08:00:00Z')).toBe('2027-02-28T08:00:00Z')
  expect(due({ months: 1 }, '2026-12-15T08:00:00Z')).toBe('2027-01-15T08:00:00Z')
  expect(due({ 'business-days': 4 }, '2026-11-20T17:00:00Z')).toBe('2026-11-26T17:00:00Z')
  expect(due({ 'business-days': 1 }, '2026-11-21T17:00:00Z')).toBe('2026-11-23T17:00:00Z')
})

test('a regime with an unknown start, no source or an action without hours is refused at its line', () => {
  const problemsOf = (from: string, to: string) => {
    const parsed = parseRegimes(TEXT.replace(from, to), 'clocks.yaml')
    return parsed.status === 'refused' ? parsed.problems.map(({ line, message }) => `${line} ${message}`) : []
  }
  expect(problemsOf('from: awareness', 'from: hearsay')[0]).toMatch(/^13 regimes\.0\.stages\.0\.from: /)
  expect(problemsOf('source: https://eur-lex.europa.eu/eli/reg/2016/679/oj', 'source: folklore')[0]).toMatch(/source: /)
  expect(problemsOf('    disruption-hours: 4\n', '')[0]).toContain('from how many hours of disruption')
  expect(problemsOf('- id: gdpr-34', '- id: gdpr-33')[0]).toContain('the id stands twice')
})
