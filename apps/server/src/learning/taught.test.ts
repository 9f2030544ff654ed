import type { ControlRecord } from '@holdfast/model'
import { type LearningFigures, verdictOn } from '@holdfast/respond'
import { expect, test } from 'vitest'
import { RecordedControls } from '../testing/recorded-controls.ts'
import { learnedRules, learningsIn } from './learnings.ts'
import { taught, type Tried } from './taught.ts'

const candidate = {
  name: 'learned-1',
  at: 0,
  about: 'act',
  words: 'a tool is called',
  isOfPast: false,
  text: `title: a tool is called
id: 11111111-1111-4111-8111-111111111111
status: experimental
logsource: { category: ai_agent, product: holdfast }
detection:
  step: { event.kind: tool-call }
  condition: step
level: medium
`,
  comparable: { name: 'learned-1-comparable', text: '' },
} as const
const caught = { events: 7, before: { attempt: 6, incident: 6 }, after: { attempt: 2, incident: 6 } }
const accepted: LearningFigures = {
  earlierSteps: 3,
  chain: caught,
  variant: caught,
  ordinary: { cases: 8, comparable: 8, newFindings: 0 },
}
const none = { chain: [], own: [], tried: { rules: 1, ordinary: 0 } }
const untried = { ...accepted, earlierSteps: 0, ordinary: { cases: 8, comparable: 0, newFindings: 0 } }
const met = { ...accepted, ordinary: { cases: 8, comparable: 8, newFindings: 1 } }

test('R3 a rule is proposed with a verdict that accepts it, and with no other', () => {
  const ruleBy = (figures: LearningFigures) => taught({ candidate, figures } satisfies Tried, none).rule
  expect(ruleBy(accepted)?.text).toBe(candidate.text)
  expect(verdictOn(untried).status).toBe('first-step')
  expect(ruleBy(untried)).toBeUndefined()
  expect(verdictOn(met).status).toBe('refused')
  expect(ruleBy(met)).toBeUndefined()
})

test('R3 a rule is in force once it was verified and applied, whatever else was applied with a rule in it', () => {
  expect(inForceAfter('verified', 'applied')).toEqual(['learned-1'])
  expect(inForceAfter('refused', 'applied')).toEqual([])
  expect(inForceAfter('applied')).toEqual([])
  expect(inForceAfter('verified', 'refused', 'applied')).toEqual([])
  expect(inForceAfter('verified', 'applied', 'withdrawn')).toEqual([])
})

function inForceAfter(...steps: readonly ('verified' | 'refused' | 'applied' | 'withdrawn')[]): readonly string[] {
  const about = { kind: 'learning', learning: 'one', incident: 'inc-1', reason: 'a test', by: 'ana' } as const
  const { name, text, words } = candidate
  const change = { rule: { name, text, words, about: 'act', match: [] }, refinements: [] } as const
  const records: readonly ControlRecord[] = [
    { ...about, do: 'proposed', change },
    ...steps.map((step) =>
      step === 'verified' || step === 'refused'
        ? { ...about, do: step, figures: JSON.stringify({ verdict: verdictOn(untried) }) }
        : { ...about, do: step },
    ),
  ]
  return learnedRules(learningsIn(new RecordedControls(records))).map((rule) => rule.name)
}
