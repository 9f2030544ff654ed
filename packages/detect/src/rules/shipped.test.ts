import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { compileRules } from './compile.ts'
import { tryRuleData } from './rule-data.ts'

const FOLDER = join(import.meta.dirname, '../../../../rules')
const names = readdirSync(FOLDER, { withFileTypes: true }).flatMap((one) => (one.isDirectory() ? [one.name] : []))
const read = (name: string, file: string): string => readFileSync(join(FOLDER, name, file), 'utf8')
const { rules, problems, notes } = compileRules(
  names.map((name) => ({ name, file: `rules/${name}/rule.yml`, text: read(name, 'rule.yml') })),
)

test('every rule that ships is read, and nothing in it is cut', () => {
  expect(problems).toEqual([])
  expect(notes).toEqual([])
  expect(names.length).toBeGreaterThan(40)
})

describe.each(names)('%s', (name) => {
  test('says what its data says', () => {
    const data = { name, match: read(name, 'match.jsonl'), noMatch: read(name, 'no-match.jsonl') }
    expect(tryRuleData(rules, data)).toEqual([])
  })

  test('has an id, a description and tags, and makes no incident by itself', () => {
    const own = rules.rules.find((rule) => rule.name === name)
    expect(own?.id).toMatch(/^[0-9a-f-]{36}$/)
    expect(own?.description?.length).toBeGreaterThan(20)
    expect(own?.tags.length).toBeGreaterThan(0)
    // What would make one is in code, where it is measured on recordings.
    expect(own?.strength).toBeLessThan(0.5)
  })
})

test('rules are there for all six chains, and for the three kinds of evidence', () => {
  const templates = new Set(rules.rules.map(({ template }) => template))
  expect([...templates]).toEqual(expect.arrayContaining(['T1', 'T2', 'T3', 'T4', 'T5', 'T6']))
  const categories = new Set(rules.rules.map(({ category }) => category))
  expect([...categories]).toEqual(expect.arrayContaining(['ai_agent', 'mcp', 'llm', 'kernel', 'authority']))
})
