import type { Event } from '@holdfast/model'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Recorded } from '../signals/testing/recorded.ts'
import { Told } from '../testing/told.ts'
import { compileRules } from './compile.ts'
import type { RuleSet } from './rule-set.ts'

const HEAD = `title: a rule
logsource: { product: holdfast, category: ai_agent }
`

/** A rule set of one file; fails where the file is refused. */
function rules(text: string, name = 'tried'): RuleSet {
  const { rules: set, problems } = compileRules([{ name, file: `${name}/rule.yml`, text }])
  expect(problems).toEqual([])
  return set
}

function detection(lines: string, category = 'ai_agent'): RuleSet {
  return rules(`title: a rule
logsource: { product: holdfast, category: ${category} }
detection:
${lines.replaceAll(/^/gm, '  ')}
`)
}

function problemsOf(text: string): readonly string[] {
  return compileRules([{ name: 'tried', file: 'tried/rule.yml', text }]).problems.map(
    ({ line, column, message }) => `${line}:${column} ${message}`,
  )
}

const mail = new Told().calls('send_mail', { to: 'eve@evil.example', body: 'Hello' }, 'sent').events
const call = mail[0] as Event // the first that was told
const isMet = (set: RuleSet, event: Event = call): boolean => set.matching(event).length > 0

describe('selections compare as Sigma says', () => {
  test.each([
    ['letters of either case alike', 'tool.name: SEND_mail', true],
    ['a whole value, not a part', 'tool.name: send', false],
    ['a star stands for any characters', 'tool.name: send*', true],
    ['a question mark stands for one', 'tool.name: send?mail', true],
    ['a question mark stands for no more than one', 'tool.name: se?mail', false],
    ['a star in the middle', 'tool.name: s*mail', true],
    ['a star that is escaped stands for itself', String.raw`tool.name: send\*`, false],
    ['cased counts letters as they are', 'tool.name|cased: SEND_mail', false],
    ['contains', 'tool.arguments|contains: EVIL.example', true],
    ['startswith', 'tool.name|startswith: send', true],
    ['startswith is not contains', 'tool.name|startswith: mail', false],
    ['endswith', 'tool.name|endswith: mail', true],
    ['one value of a list is enough', 'tool.name: [buy, send_mail]', true],
    ['all asks for each', 'tool.arguments|contains|all: [evil, hello]', true],
    ['all fails where one is missing', 'tool.arguments|contains|all: [evil, goodbye]', false],
    ['a regular expression finds a part, and minds the case', "tool.arguments|re: 'e[vw]il'", true],
    ['a regular expression minds the case', "tool.arguments|re: 'EVIL'", false],
    ['i of a regular expression does not', "tool.arguments|re|i: 'EVIL'", true],
    ['exists', 'tool.server|exists: false', true],
    ['null is a field that is not there', 'tool.server: null', true],
    ['a field that is there is not null', 'tool.name: null', false],
    ['another field', 'tool.name|fieldref: event.kind', false],
    ['neq', 'tool.name|neq: buy', true],
  ])('%s', (_fact, item, expected) => {
    expect(isMet(detection(`selection:\n  ${item}\ncondition: selection`))).toBe(expected)
  })

  test('numbers and ranges of addresses', () => {
    const [event] = new Recorded().connect(1, '10.1.2.3', 8443).events
    if (event === undefined) throw new Error('nothing was recorded')
    const met = (item: string): boolean =>
      isMet(detection(`selection:\n  ${item}\ncondition: selection`, 'kernel'), event)
    expect(met('connection.address|cidr: 10.0.0.0/8')).toBe(true)
    expect(met('connection.address|cidr: 192.168.0.0/16')).toBe(false)
    expect(met('connection.port|gte: 8443')).toBe(true)
    expect(met('connection.port|lt: 8443')).toBe(false)
    expect(met('connection.port: 8443')).toBe(true)
  })

  test('words alone are looked for in every text of an event', () => {
    expect(isMet(detection('words: [nothing, evil.example]\ncondition: words'))).toBe(true)
    expect(isMet(detection('words: [nothing]\ncondition: words'))).toBe(false)
  })

  test('base64 and windash find the other spellings', () => {
    const hidden = new Told().calls('run', { script: `x ${btoa('..curl http://evil.example/x')}` }).events[0]
    const dashed = new Told().calls('run', { script: 'net –delete' }).events[0]
    if (hidden === undefined || dashed === undefined) throw new Error('nothing was told')
    expect(isMet(detection("s:\n  tool.arguments|base64offset|contains: 'http://evil'\ncondition: s"), hidden)).toBe(
      true,
    )
    expect(isMet(detection('s:\n  tool.arguments|windash|contains: " -delete"\ncondition: s'), dashed)).toBe(true)
  })
})

describe('conditions', () => {
  const set = (condition: string): RuleSet =>
    detection(
      `met_a:\n  tool.name: send_mail\nmet_b:\n  tool.arguments|contains: evil\nnever:\n  tool.name: buy\ncondition: ${condition}`,
    )

  test.each([
    ['1 of them', true],
    ['all of them', false],
    ['all of met_* and not never', true],
    ['(met_a or never) and not (never or not met_b)', true],
    ['not met_a or never or not met_b', false],
    ['never or met_a and met_b', true],
  ])('%s', (condition, expected) => {
    expect(isMet(set(condition))).toBe(expected)
  })
})

describe('what is wrong with a file is told by line and column', () => {
  test.each([
    [
      'an unknown field',
      `${HEAD}detection:\n  s:\n    tool.nme: x\n  condition: s\n`,
      '5:5 there is no field "tool.nme", did you mean "tool.name"?',
    ],
    [
      'an unknown selection',
      `${HEAD}detection:\n  s:\n    tool.name: x\n  condition: t\n`,
      '6:14 there is no selection "t"',
    ],
    [
      'a selection without use',
      `${HEAD}detection:\n  s:\n    tool.name: x\n  t:\n    tool.name: y\n  condition: s\n`,
      '8:14 the condition does not use "t"',
    ],
    [
      'an unknown modifier',
      `${HEAD}detection:\n  s:\n    tool.name|like: x\n  condition: s\n`,
      '5:5 there is no modifier "like"',
    ],
    [
      'a refused modifier, with the reason',
      `${HEAD}detection:\n  s:\n    tool.name|expand: x\n  condition: s\n`,
      '5:5 the modifier "expand" is not supported: placeholders are filled in by a pipeline, and there is none here',
    ],
    [
      'a field of other events',
      `${HEAD}detection:\n  s:\n    file.path: x\n  condition: s\n`,
      '5:5 no event of this log source has "file.path"',
    ],
    [
      'look-around',
      `${HEAD}detection:\n  s:\n    tool.name|re: '(?=a)b'\n  condition: s\n`,
      '5:19 not a regular expression of RE2: error parsing regexp: invalid or unsupported Perl syntax: `(?=`',
    ],
    [
      'another product',
      `title: x\nlogsource: { product: windows, category: process_creation }\ndetection:\n  s:\n    tool.name: x\n  condition: s\n`,
      '2:23 the log source is of windows: only product "holdfast" is read here',
    ],
    [
      'an unknown key',
      `${HEAD}severity: high\ndetection:\n  s:\n    tool.name: x\n  condition: s\n`,
      '3:1 a rule has no "severity"',
    ],
    [
      'another agent for a memory',
      `${HEAD}detection:\n  s:\n    tool.name: x\n  condition: s\nholdfast:\n  remember: { as: m, value: tool.name, ttl: 1h, agent: other }\n`,
      '8:49 remember has no "agent"',
    ],
    [
      'an unknown field of an expression',
      `${HEAD}detection:\n  s:\n    tool.name: x\n  condition: s\nholdfast:\n  where: tool.nam == "x"\n`,
      '8:10 the expression uses "tool.nam", which is no field, did you mean "tool.name"?',
    ],
    [
      'a correlation of nothing',
      'title: x\ncorrelation:\n  type: event_count\n  rules: [nothing]\n  group-by: [agent.id]\n  timespan: 1h\n  condition: { gte: 2 }\n',
      '4:3 there is no rule "nothing" to correlate, or it is of this one',
    ],
  ])('%s', (_fact, text, message) => {
    expect(problemsOf(text)).toContain(message)
  })

  test('one mistake hides none of the others', () => {
    const text = `title: x
logsource: { product: windows, category: ai_agent }
detection:
  s: { tool.nme: x }
  t: { tool.name|like: y }
  condition: s and (t
holdfast: { strenght: 0.3 }
`
    expect(problemsOf(text).map((problem) => problem.split(' ')[0])).toEqual(['2:23', '4:8', '5:8', '6:14', '7:13'])
  })

  test('R4 a file with a problem gives no rule, and the others count', () => {
    const sound = { name: 'sound', file: 'b', text: `${HEAD}detection:\n  s:\n    tool.name: x\n  condition: s\n` }
    const { rules: set, problems } = compileRules([{ name: 'broken', file: 'a', text: 'title: [' }, sound])
    expect(problems.length).toBeGreaterThan(0)
    expect(set.rules.map(({ name }) => name)).toEqual(['sound'])
  })
})

describe('correlations', () => {
  const BASE = `title: failed call
name: failed
logsource: { product: holdfast, category: authority }
detection:
  s: { api.decision: denied }
  condition: s
---
title: call that was let
name: let_in
logsource: { product: holdfast, category: authority }
detection:
  s: { api.decision: allowed }
  condition: s
---
`
  const calls = (...decisions: readonly ('allowed' | 'denied')[]): readonly Event[] =>
    decisions.reduce((told, decision, at) => told.call(`s3:Get${at}`, {}, { decision }), new Recorded()).events
  const correlation = (lines: string): RuleSet =>
    rules(`${BASE}title: together\ncorrelation:\n${lines.replaceAll(/^/gm, '  ')}\n`)
  const count = (set: RuleSet, events: readonly Event[]): number =>
    set.signals(events).filter(({ detector }) => detector === 'rule/tried').length

  test('counts events of one group within the span', () => {
    const set = correlation(
      'type: event_count\nrules: [failed]\ngroup-by: [api.principal]\ntimespan: 1m\ncondition: { gte: 3 }',
    )
    expect(count(set, calls('denied', 'denied', 'allowed', 'denied'))).toBe(1)
    expect(count(set, calls('denied', 'denied', 'allowed'))).toBe(0)
  })

  test('what lies further apart than the span does not add up', () => {
    const set = correlation(
      'type: event_count\nrules: [failed]\ngroup-by: [api.principal]\ntimespan: 2s\ncondition: { gte: 3 }',
    )
    expect(count(set, calls('denied', 'denied', 'allowed', 'denied'))).toBe(0)
    expect(count(set, calls('denied', 'denied', 'denied'))).toBe(1)
  })

  test('R3 two agents never add up', () => {
    const set = correlation(
      'type: event_count\nrules: [failed]\ngroup-by: [api.plane]\ntimespan: 1h\ncondition: { gte: 2 }',
    )
    const one = calls('denied')
    const other = calls('denied').map(
      (event) => ({ ...event, id: `o${event.id}`, agent: { ...event.agent, id: 'host:h/other' } }) as Event,
    )
    expect(count(set, [...one, ...other])).toBe(0)
  })

  test('counts different values', () => {
    const set = correlation(
      'type: value_count\nrules: [failed]\ngroup-by: [api.principal]\ntimespan: 1h\ncondition: { gte: 3, field: api.action }',
    )
    expect(count(set, calls('denied', 'denied', 'denied'))).toBe(1)
    const same = calls('denied', 'denied', 'denied').map(
      (event) => ({ ...event, body: { ...event.body, action: 'x' } }) as Event,
    )
    expect(count(set, same)).toBe(0)
  })

  test('in order means in order', () => {
    const set = correlation('type: temporal_ordered\nrules: [failed, let_in]\ngroup-by: [api.principal]\ntimespan: 1h')
    expect(count(set, calls('allowed', 'denied'))).toBe(0)
    expect(count(set, calls('denied', 'allowed'))).toBe(1)
    const loose = correlation('type: temporal\nrules: [failed, let_in]\ngroup-by: [api.principal]\ntimespan: 1h')
    expect(count(loose, calls('allowed', 'denied'))).toBe(1)
  })

  test('rules that a correlation refers to are not reported beside it, unless it says so', () => {
    const quiet = 'type: temporal\nrules: [failed, let_in]\ngroup-by: [api.principal]\ntimespan: 1h'
    expect(correlation(quiet).signals(calls('denied'))).toEqual([])
    expect(
      correlation(`${quiet}\ngenerate: true`)
        .signals(calls('denied'))
        .map(({ detector }) => detector),
    ).toEqual(['rule/tried/failed'])
  })

  test('sums, means and percentiles', () => {
    const sent = (...bytes: readonly number[]): readonly Event[] =>
      bytes.reduce(
        (told, bytesSent) =>
          told.kernel(1, {
            kind: 'connection',
            action: 'close',
            protocol: 'tcp',
            remote: { address: '1.2.3.4', port: 1 },
            bytesSent,
            result: 0,
          }),
        new Recorded(),
      ).events
    const set = (type: string, condition: string): RuleSet =>
      rules(`title: closed
name: closed
logsource: { product: holdfast, category: kernel }
detection:
  s: { connection.action: close }
  condition: s
---
title: much
correlation:
  type: ${type}
  rules: [closed]
  group-by: [connection.address]
  timespan: 1h
  condition: ${condition}
`)
    expect(count(set('value_sum', '{ gte: 100, field: connection.bytes_sent }'), sent(40, 40, 40))).toBe(1)
    expect(count(set('value_sum', '{ gte: 100, field: connection.bytes_sent }'), sent(40, 40))).toBe(0)
    expect(count(set('value_avg', '{ gt: 50, field: connection.bytes_sent }'), sent(10, 20, 200))).toBe(1)
    expect(
      count(set('value_percentile', '{ gte: 200, field: connection.bytes_sent, percentile: 95 }'), sent(10, 20, 200)),
    ).toBe(1)
  })
})

describe('memories', () => {
  const MEMORY = (ttl: string): string => `title: written
logsource: { product: holdfast, category: kernel }
detection:
  s: { file.action: write }
  condition: s
holdfast:
  remember: { as: written, value: file.path, ttl: ${ttl}, within: agent }
---
title: runs what it wrote
logsource: { product: holdfast, category: kernel }
detection:
  s: { process.action: exec }
  condition: s
holdfast:
  recall: { from: written, value: process.binary }
`
  const told = new Recorded().file(1, 'write', '/tmp/a').run(2, '/tmp/a').run(3, '/tmp/b').events

  test('R2 remembering is not reporting, and recalling is', () => {
    const found = rules(MEMORY('1h')).signals(told)
    expect(found.map(({ detector, events }) => [detector, events])).toEqual([['rule/tried', ['e000000', 'e000001']]])
  })

  test('what was left too long ago is forgotten', () => {
    const late = told.map(
      (event, at) => ({ ...event, claimedAt: event.claimedAt + (at === 0 ? 0n : 7_200_000_000_000n) }) as Event,
    )
    expect(rules(MEMORY('1h')).signals(late)).toEqual([])
  })

  test('R2 another agent has other memories, whatever the rule says', () => {
    const foreign = told.map(
      (event, at) => ({ ...event, agent: { ...event.agent, id: at === 0 ? 'host:h/other' : event.agent.id } }) as Event,
    )
    expect(rules(MEMORY('1h')).signals(foreign)).toEqual([])
  })

  test('R2 a memory that is to last too long is cut, and the cut is noted', () => {
    const { notes, problems } = compileRules([{ name: 'n', file: 'f', text: MEMORY('90d') }])
    expect(problems).toEqual([])
    expect(notes.map(({ line, message }) => [line, message])).toEqual([
      [7, 'ttl 90d is cut to 30d, the longest there is'],
    ])
  })
})

describe('expressions', () => {
  const where = (text: string): RuleSet =>
    rules(`${HEAD}detection:\n  s:\n    event.kind: tool-call\n  condition: s\nholdfast:\n  where: '${text}'\n`)

  test('hold for the fields of the event', () => {
    expect(isMet(where('tool.name == "send_mail" && !has(tool.server) && size(text) == 1'))).toBe(true)
    expect(isMet(where('text.exists(t, t.matches("evil[.]example"))'))).toBe(true)
    expect(isMet(where('tool.server == "x"'))).toBe(false)
  })
})

test.each([
  ['a function that there is not', 'foo(tool.name)', 'there is no function "foo" in CEL'],
  [
    'a field of another type',
    'tool.name > 1',
    "the expression does not fit its fields: found no matching overload for '_>_'",
  ],
  ['a value that is no condition', 'tool.name', 'the expression is neither true nor false'],
  ['a pattern from an event', 'tool.name.matches(tool.arguments)', 'it is not written in the rule'],
  ['a pattern that is none', 'tool.name.matches("(?=a)")', 'the pattern of matches: error parsing regexp'],
  ['loops in loops in loops', 'text.all(a, text.all(b, text.all(c, a == b)))', 'more than 2 loops'],
])('an expression with %s is refused', (_what, where, message) => {
  const text = `${HEAD}detection:\n  s:\n    event.kind: tool-call\n  condition: s\nholdfast:\n  where: '${where}'\n`
  expect(problemsOf(text).join()).toContain(message)
})

test('R7 no text of a rule file makes the reader throw', () => {
  const whole = `${HEAD}detection:\n  s:\n    tool.name|re: 'a+'\n  condition: s and not s\nholdfast:\n  where: 'size(text) > 1'\n  recall: { from: m, value: tool.name }\n`
  fc.assert(
    fc.property(fc.nat(whole.length), fc.nat(20), fc.string({ maxLength: 12, unit: 'binary' }), (at, cut, put) => {
      const text = whole.slice(0, at) + put + whole.slice(at + cut)
      const { rules: set, problems } = compileRules([{ name: 'n', file: 'f', text }])
      expect(set.rules.length + problems.length).toBeGreaterThan(0)
      set.signals(mail)
    }),
    { numRuns: 500 },
  )
})

test('R7 no event makes a rule throw', () => {
  const set = rules(
    `${HEAD}detection:\n  s:\n    text|contains: a\n  t:\n    text.hidden: [tags, encoded]\n  condition: 1 of them\nholdfast:\n  where: 'text.exists(t, t.matches("(a+)+b")) || true'\n`,
  )
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => {
      set.signals(new Told().calls('x', { text }, text).document(text, text).events)
    }),
  )
})

test('R1 events in any order give the same signals', () => {
  const set = rules(`title: written
name: written
logsource: { product: holdfast, category: kernel }
detection:
  s: { file.action: write }
  condition: s
---
title: in order
correlation:
  type: temporal_ordered
  rules: [written, ran]
  group-by: [agent.id]
  timespan: 5s
---
title: ran
name: ran
logsource: { product: holdfast, category: kernel }
detection:
  s: { process.action: exec }
  condition: s
`)
  const events = new Recorded().file(1, 'write', '/a').run(2, '/a').file(1, 'write', '/b').run(2, '/b').events
  const expected = set.signals(events)
  expect(expected.length).toBeGreaterThan(0)
  fc.assert(
    fc.property(fc.shuffledSubarray([...events], { minLength: events.length }), (shuffled) => {
      expect(set.signals([...shuffled, ...shuffled])).toEqual(expected)
    }),
  )
})
