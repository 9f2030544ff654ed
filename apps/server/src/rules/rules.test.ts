import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compileRules } from '@holdfast/detect'
import { afterAll, expect, test } from 'vitest'
import { coverageReport } from './coverage.ts'
import { exportRules } from './export-rules.ts'
import { importRules } from './import-rules.ts'
import { lintRules } from './lint-rules.ts'
import { listRules } from './list-rules.ts'
import { readRules, reportOf } from './load-rules.ts'
import { testRules } from './test-rules.ts'

const folder = mkdtempSync(join(tmpdir(), 'holdfast-rules-'))
afterAll(() => rmSync(folder, { recursive: true }))

const RULE = `title: buys without being asked
id: 5bb1f5c4-6a5b-4b3a-9df8-3c1b1e1f7a01
status: test
description: An agent that answers questions has nothing to buy.
tags: [atlas.aml.t0053]
logsource: { product: holdfast, category: ai_agent }
detection:
  bought: { tool.name: buy }
  condition: bought
`
const SHIPPED = reportOf(compileRules(readRules(undefined).sources))
const call = (toolName: string): string => JSON.stringify({ body: { kind: 'tool-call', toolName } })

function write(name: string, files: Readonly<Record<string, string>>): string {
  mkdirSync(join(folder, name), { recursive: true })
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, name, file), text)
  return join(folder, name)
}

test('the rules that ship are sound, tried and listed', () => {
  expect(lintRules([])).toMatchObject({ exit: 0 })
  expect(testRules([])).toMatchObject({ exit: 0 })
  expect(listRules([]).text.split('\n').length).toBeGreaterThan(40)
})

test('a rule whose data says otherwise fails, with the line', () => {
  const path = write('wrong', {
    'rule.yml': RULE,
    'match.jsonl': `${call('buy')}\n${call('sell')}\n`,
    'no-match.jsonl': call('sell'),
  })
  expect(testRules([path])).toMatchObject({
    exit: 1,
    json: { failed: ['wrong'], problems: [{ file: join(path, 'match.jsonl'), line: 2 }] },
  })
})

test('a rule without data fails, and so does a folder without rules', () => {
  expect(testRules([write('bare', { 'rule.yml': RULE })])).toMatchObject({ exit: 1 })
  expect(testRules([write('empty', {})])).toMatchObject({ exit: 1 })
})

test('a path that is not there is told as that', () => {
  const nowhere = join(folder, 'nowhere')
  const text = `${nowhere}:1:1: there is no such file or folder\n`
  expect(testRules([nowhere])).toMatchObject({ exit: 4, text })
  expect(lintRules([nowhere])).toMatchObject({ exit: 4, text: `${text}0 rule files, 1 problem\n` })
  expect(listRules([nowhere])).toMatchObject({ exit: 4, talk: text })
  expect(exportRules([nowhere], { out: join(folder, 'none'), force: false }).exit).toBe(4)
})

test('one rule file is as good as its folder, and one of another name has no data', () => {
  const path = write('single', { 'rule.yml': RULE, 'match.jsonl': call('buy'), 'no-match.jsonl': call('sell') })
  expect(lintRules([join(path, 'rule.yml')])).toMatchObject({ exit: 0, json: { files: 1, problems: [] } })
  expect(testRules([join(path, 'rule.yml')])).toMatchObject({ exit: 0, json: { tried: 1 } })
  const flat = join(write('flat', { 'draft.yml': RULE }), 'draft.yml')
  expect(lintRules([flat])).toMatchObject({ exit: 1, json: { files: 1 } })
  expect(lintRules([flat]).text).toContain('no-match.jsonl')
})

test('bad rules of a folder are told one by one, and the good ones stand beside those that ship', () => {
  const own = join(folder, 'own')
  write('own/good', { 'rule.yml': RULE })
  write('own/bad', { 'rule.yml': RULE.replace('tool.name', 'tool.nam') })
  const loaded = reportOf(compileRules(readRules(own).sources))
  expect(loaded.problems).toMatchObject([{ file: join(own, 'bad', 'rule.yml'), line: 8, column: 13 }])
  expect(loaded.count).toBe(SHIPPED.count + 1)
})

test('a rule of the same name stands in the place of the one that ships', () => {
  const own = join(folder, 'instead')
  write('instead/kernel-ptrace', { 'rule.yml': RULE })
  const { sources, problems } = readRules(own)
  expect(problems).toEqual([])
  expect(reportOf(compileRules(sources))).toEqual(SHIPPED)
  expect(sources.find(({ name }) => name === 'kernel-ptrace')?.text).toBe(RULE)
})

test('rules go out as Sigma and come in again, and nothing is replaced unasked', () => {
  const out = join(folder, 'sigma')
  const back = join(folder, 'back')
  expect(exportRules([], { out, force: false }).exit).toBe(0)
  expect(exportRules([], { out, force: false }).exit).toBe(6)
  const imported = importRules([join(out, 'kernel-ptrace.yml')], { out: back, force: false })
  expect(imported).toMatchObject({ exit: 0, json: { taken: [{ name: 'kernel-ptrace' }] } })
  expect(importRules([join(out, 'kernel-ptrace.yml')], { out: back, force: false }).exit).toBe(3)
  expect(importRules([join(folder, 'nowhere')], { out: back, force: false }).exit).toBe(4)
})

test('what is covered stands in its page', () => {
  const file = join(import.meta.dirname, '../../../../docs/detection-coverage.md')
  const { text } = coverageReport()
  if (process.env['UPDATE_GOLDEN'] !== undefined) writeFileSync(file, text)
  // The formatter pads the tables.
  const plain = (page: string): string => page.replaceAll(/-{3,}/g, '---').replaceAll(/ +/g, ' ')
  expect(plain(readFileSync(file, 'utf8'))).toBe(plain(text))
})
