import type { ConversationId, Event } from '@holdfast/model'
import { expect, test } from 'vitest'
import { missing } from '../incident/columns.ts'
import { readCase } from '../incident/read-case.ts'
import { uniteSights } from '../incident/unite.ts'
import { Recorded } from '../signals/testing/recorded.ts'
import { finished } from '../steps-of-work.ts'
import { compileRules } from './compile.ts'
import { CutCount } from './cut-count.ts'
import { MAX_FIRINGS, MAX_GROUPS, MAX_REMEMBERED } from './limits.ts'
import type { RuleSet } from './rule-set.ts'

function rules(text: string): RuleSet {
  const { rules: set, problems } = compileRules([{ name: 'tried', file: 'tried/rule.yml', text }])
  expect(problems).toEqual([])
  return set
}

const DENIED = `title: failed call
name: failed
logsource: { product: holdfast, category: authority }
detection:
  s: { api.decision: denied }
  condition: s
---
title: many
correlation:
  type: event_count
  rules: [failed]
  timespan: 1h
`
/** So many denied calls, each of another action. */
const calls = (count: number): readonly Event[] => {
  const [first] = new Recorded().call('s3:Get', {}, { decision: 'denied' }).events
  return Array.from(
    { length: count },
    (_, i) => ({ ...first, id: `e${i}`, body: { ...first?.body, action: `s3:Get${i}` } }) as Event, // of the first's form
  )
}

function cutOf(set: RuleSet, events: readonly Event[]): number {
  const cut = new CutCount()
  finished(set.signalling(events, { cut }))
  return cut.count
}

test('groups beyond the bound of a correlation are counted', () => {
  const set = rules(`${DENIED}  group-by: [api.action]\n  condition: { gte: 2 }\n`)
  expect(cutOf(set, calls(MAX_GROUPS))).toBe(0)
  expect(cutOf(set, calls(MAX_GROUPS + 3))).toBe(3)
})

test('what is left when a correlation came true as often as it may is counted', () => {
  const set = rules(`${DENIED}  group-by: [api.principal]\n  condition: { gte: 1 }\n`)
  expect(cutOf(set, calls(MAX_FIRINGS))).toBe(0)
  expect(cutOf(set, calls(MAX_FIRINGS + 7))).toBe(7)
})

test('values that a memory has no room for are counted', () => {
  const set = rules(`title: called
logsource: { product: holdfast, category: authority }
detection:
  s: { api.decision: denied }
  condition: s
holdfast:
  remember: { as: called, value: api.action, ttl: 1h, within: agent }
`)
  // Matches beyond those that a correlation looks at are counted as well.
  expect(cutOf(set, calls(MAX_REMEMBERED + 5))).toBe(10)
})

test('an incident says that rules had more to look at than they do, whatever its type', () => {
  const set = rules(`${DENIED}  group-by: [api.action]\n  condition: { gte: 2 }\n`)
  const options = { conversation: 'c' as ConversationId, rules: set } // any name
  const { sight } = readCase(calls(MAX_GROUPS + 2), options)
  expect(sight.rulesCut).toBe(2)
  const both = uniteSights([sight, sight, readCase(calls(1), options).sight])
  for (const type of ['runtime-execution-escape', 'privilege-boundary-escape', 'reasoning-compromise'] as const)
    expect(missing(type, both)).toContainEqual(
      expect.objectContaining({ words: '4 matches of rules beyond their bounds' }),
    )
})
