import type { ConversationId, Event } from '@holdfast/model'
import { expect, test } from 'vitest'
import { incidentsOf } from '../incident/incidents-of.ts'
import { readCase } from '../incident/read-case.ts'
import { Recorded } from '../signals/testing/recorded.ts'
import { Told } from '../testing/told.ts'
import { compileRules } from './compile.ts'
import { tryRuleData } from './rule-data.ts'

const conversation = 'c-1' as ConversationId // a name of a test

function evidence(events: readonly Event[], text: string, name = 'tried') {
  const { rules, problems } = compileRules([{ name, file: 'rule.yml', text }])
  expect(problems).toEqual([])
  return readCase(events, { conversation, rules })
}

const BUYS = (strength: number, more = ''): string => `title: buys without being asked
logsource: { product: holdfast, category: ai_agent }
detection:
  bought: { event.kind: tool-call, tool.name: buy }
  condition: bought
holdfast:
  strength: ${strength}
${more}`
const bought = new Told().user('What is the weather?').calls('buy', { item: 'umbrella' }, 'ok').events

test('a rule that speaks for a type makes an incident of it, with its own chain', () => {
  const found = incidentsOf([evidence(bought, BUYS(0.6, '  speaksFor: reasoning-compromise\n  template: T2\n'))])
  expect(found).toMatchObject([
    {
      type: 'reasoning-compromise',
      outcome: 'incident',
      headline: 'told: buys without being asked',
      chain: { template: 'T2' },
    },
  ])
  expect(found[0]?.signals[0]).toMatchObject({ source: 'rule', detector: 'rule/tried' })
})

test('a rule that speaks for none colours, and makes nothing', () => {
  const read = evidence(bought, BUYS(0.9))
  expect(read.signals.map(({ detector }) => detector)).toEqual(['rule/tried'])
  expect(incidentsOf([read])).toEqual([])
})

test('repeats are one signal that counts them, and more where the rule tells them apart', () => {
  const many = new Told().calls('buy', { item: 'a' }).calls('buy', { item: 'b' }).calls('buy', { item: 'c' }).events
  expect(evidence(many, BUYS(0.2)).signals.map(({ words }) => words)).toEqual(['buys without being asked, 3 times'])
  expect(evidence(many, BUYS(0.2, '  repeat: [tool.arguments]\n')).signals).toHaveLength(3)
})

const ENTERS = `title: enters a namespace
logsource: { product: holdfast, category: kernel }
detection:
  entered: { kernel.action: setns }
  condition: entered
holdfast:
  restates: [kernel]
`

test('R5 a rule that restates a detector is silent where that one has spoken of the same event', () => {
  const events = new Recorded().run(1, '/bin/tool').act(1, 'setns', '/proc/1/ns/mnt', { flags: 'CLONE_NEWNS' }).events
  const said = evidence(events, ENTERS).signals.map(({ detector }) => detector)
  expect(said).toContain('kernel/namespace-entry')
  expect(said).not.toContain('rule/tried')
  const alone = compileRules([{ name: 'tried', file: 'f', text: ENTERS }]).rules.signals(events)
  expect(alone.map(({ detector }) => detector)).toEqual(['rule/tried'])
})

test('what a runtime does while it sets a container up is shown to no rule', () => {
  const events = new Recorded()
    .act(1, 'setns', '/proc/1/ns/mnt')
    .events.map((event) => ({ ...event, context: { ...event.context, isSetup: true as const } }))
  expect(compileRules([{ name: 'tried', file: 'f', text: ENTERS }]).rules.signals(events)).toEqual([])
})

test('data that is not whole is told with its line, and ends nothing', () => {
  const { rules } = compileRules([{ name: 'tried', file: 'f', text: BUYS(0.2) }])
  const api = JSON.stringify({ body: { kind: 'api-call', resources: 'x' } })
  const call = JSON.stringify({ body: { kind: 'tool-call', toolName: 'buy', arguments: 3 } })
  const said = tryRuleData(rules, { name: 'tried', match: `${api}\n{"body":1}\nno json`, noMatch: call })
  expect(said.map(({ file, line }) => `${file}:${line}`)).toEqual([
    'match.jsonl:1',
    'match.jsonl:2',
    'match.jsonl:3',
    'no-match.jsonl:1',
  ])
})
