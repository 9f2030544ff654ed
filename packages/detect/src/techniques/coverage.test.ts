import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { compileRules } from '../rules/compile.ts'
import { coverageOf } from './coverage.ts'
import { DETECTOR_TECHNIQUES } from './detector-techniques.ts'
import { TECHNIQUE_NAMES } from './technique-names.ts'

const ROOT = join(import.meta.dirname, '../../../..')
const FOLDER = join(ROOT, 'rules')
const { rules } = compileRules(
  readdirSync(FOLDER, { withFileTypes: true }).flatMap((one) =>
    one.isDirectory()
      ? [{ name: one.name, file: one.name, text: readFileSync(join(FOLDER, one.name, 'rule.yml'), 'utf8') }]
      : [],
  ),
)
const coverage = coverageOf(rules.rules)

test('every technique has its name', () => {
  const ids = [...coverage.covered, ...coverage.notCovered].map(({ technique }) => technique)
  expect(ids.filter((id) => TECHNIQUE_NAMES[id] === undefined)).toEqual([])
})

test('detectors of the kernel and of authorities speak of what their page says', () => {
  const page = readFileSync(join(ROOT, 'packages/detect/src/signals/README.md'), 'utf8')
  const rows = page.split('\n').filter((line) => line.startsWith('| `kernel/') || line.startsWith('| `authority/'))
  const written = rows.flatMap((row) => {
    const cells = row.split('|').map((cell) => cell.trim())
    const ids = cells.at(-2)?.match(/(?:AML\.)?TA?\d{4}(?:\.\d{3})?/g) ?? []
    return [...(cells[1] ?? '').matchAll(/`((?:kernel|authority)\/[a-z-]+)`/g)].flatMap((match) =>
      ids.length === 0 ? [] : [[match[1] ?? '', ids] as const],
    )
  })
  const ours = Object.entries(DETECTOR_TECHNIQUES).filter(([name]) => /^(kernel|authority)\//.test(name))
  expect(Object.fromEntries(ours)).toEqual(Object.fromEntries(written))
})

test('what only state could tell is listed as not covered', () => {
  const state = coverage.notCovered.filter(({ detectability }) => detectability === 'state')
  expect(state.length).toBeGreaterThan(8)
  for (const { why, instead } of state) expect(Math.min(why.length, instead.length)).toBeGreaterThan(20)
})
