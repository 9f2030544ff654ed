import fc from 'fast-check'
import { expect, test } from 'vitest'
import { EventView } from './event-view.ts'
import { readEvents } from './event-text.ts'
import { readRule } from './parse-rule.ts'
import { holds } from './predicate.ts'
import { Prefilter } from './prefilter.ts'
import type { EventRule } from './rule.ts'
import { Substrings } from './substrings.ts'
import { RuleFile } from './yaml.ts'

const word = fc.stringMatching(/^[abAB]{1,5}$/)

test('finds exactly the texts that stand in a text', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(word, { minLength: 1, maxLength: 12 }),
      fc.stringMatching(/^[abABc]{0,40}$/),
      (texts, text) => {
        const found = new Set<number>()
        new Substrings(texts).find(text, (number) => found.add(number))
        expect([...found].toSorted((a, b) => a - b)).toEqual(
          texts.flatMap((one, at) => (text.includes(one) ? [at] : [])),
        )
      },
    ),
  )
})

const field = fc.constantFrom('tool.name', 'tool.arguments', 'tool.server', 'text', 'event.kind')
const modifier = fc.constantFrom(
  '',
  '|contains',
  '|startswith',
  '|endswith',
  '|re',
  '|re|i',
  '|contains|all',
  '|cased',
  '|neq',
)
const value = fc.oneof(word, fc.constantFrom('a*b', '*ab', 'b?', 'tool-call', 'tool-result', 'null'))
const item = fc.tuple(field, modifier, fc.array(value, { minLength: 1, maxLength: 3 })).map(([name, how, values]) => {
  // A pattern with a bare star is no regular expression, and null goes with equality alone.
  const fit = values
    .filter((one) => how === '' || one !== 'null')
    .map((one) => (how.startsWith('|re') ? one.replaceAll(/[*?]/g, '') : one))
  const some = fit.filter((one) => one !== '')
  return `    ${name}${how}: [${(some.length === 0 ? ['a'] : some).map((one) => (one === 'null' ? one : `'${one}'`)).join(', ')}]`
})
const condition = fc.constantFrom(
  'one and two',
  'one or two',
  'not one',
  'one and not two',
  'not (one and two)',
  '1 of them',
  'all of them',
)
const rule = fc.tuple(item, item, condition).map(([one, two, how]) => {
  const uses = /two|them/.test(how) ? `  two:\n${two}\n` : ''
  return `title: t\nlogsource: { product: holdfast, category: ai_agent }\ndetection:\n  one:\n${one}\n${uses}  condition: ${how}\n`
})
const event = fc
  .record(
    {
      kind: fc.constantFrom('tool-call', 'tool-result'),
      toolName: word,
      arguments: fc.stringMatching(/^[abAB ]{0,12}$/),
      server: word,
    },
    { requiredKeys: ['kind', 'toolName'] },
  )
  .map((body) => {
    const read = readEvents(JSON.stringify({ body }))
    const [first] = typeof read === 'string' ? [] : read
    if (first === undefined) throw new Error('an event was made that is none')
    return first
  })

test('R6 leaves out no rule that an event meets', () => {
  fc.assert(
    fc.property(
      fc.array(rule, { minLength: 1, maxLength: 8 }),
      fc.array(event, { minLength: 1, maxLength: 8 }),
      (texts, events) => {
        const rules = texts.flatMap((text, at): readonly EventRule[] => {
          const file = new RuleFile('f')
          const [document] = file.documents(text)
          const read = document === undefined ? undefined : readRule(file, document, `r${at}`)
          expect(file.problems).toEqual([])
          return read?.kind === 'event' ? [read] : []
        })
        const prefilter = new Prefilter(rules)
        for (const one of events) {
          const view = new EventView(one)
          const met = rules.flatMap(({ formula }, at) => (holds(formula, view) ? [at] : []))
          const candidates = prefilter.candidates(view)
          expect(met.filter((at) => !candidates.includes(at))).toEqual([])
        }
      },
    ),
    { numRuns: 300 },
  )
})
