import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { faultsOf, proofsIn } from './proofs.ts'

const ROOT = join(import.meta.dirname, '..')
const PAGES = [
  'docs/promises.md',
  'docs/complaints.md',
  ...readdirSync(join(ROOT, 'docs/promises')).map((name) => `docs/promises/${name}`),
]

test.each(PAGES)('%s names tests that are there', (page) => {
  const proofs = proofsIn(readFileSync(join(ROOT, page), 'utf8'))
  expect(proofs.length).toBeGreaterThan(3)
  expect(proofs.flatMap((proof) => faultsOf(proof, ROOT))).toEqual([])
})

/** How many requirements each family has; each has a row of its own, proven or not. */
const FAMILIES = { DEC: 13, OBS: 15, ENF: 15, REC: 13, DET: 15, IR: 31, CAP: 16, REG: 9, ROS: 10, MGD: 6, FC: 15 }

test('every requirement has one row, and says so where nothing proves it', () => {
  const rows = PAGES.flatMap((page) => readFileSync(join(ROOT, page), 'utf8').split('\n'))
  const faults = Object.entries(FAMILIES).flatMap(([family, count]) =>
    Array.from({ length: count }, (_, index) => `${family}-${index + 1}`.replace('FC-', 'FC')).flatMap((id) => {
      const own = rows.filter((row) => new RegExp(`^\\| ${id} `).test(row))
      const isSaid = own.every((row) => proofsIn(row).length > 0 || /no test yet|not built/i.test(row))
      return own.length === 1 && isSaid ? [] : [`${id}: ${own.length} rows`]
    }),
  )
  expect(faults).toEqual([])
})

test('a proof that is not there is found, by its file and by its title', () => {
  const text = '| it holds | `tasks/tally.test.ts` "counts of two runs", "a title of nobody"; `tasks/no.test.ts` "x" |'
  const proofs = proofsIn(text)
  expect(proofs).toEqual([
    { line: 1, file: 'tasks/tally.test.ts', titles: ['counts of two runs', 'a title of nobody'] },
    { line: 1, file: 'tasks/no.test.ts', titles: ['x'] },
  ])
  expect(proofs.flatMap((proof) => faultsOf(proof, ROOT))).toEqual([
    'line 1: tasks/tally.test.ts has no test "a title of nobody"',
    'line 1: there is no tasks/no.test.ts',
  ])
})

test('a quote behind another code span, or in the next cell, is no title', () => {
  expect(proofsIn('| `a.test.ts` "one" in `up` "two" | "three" |')).toEqual([
    { line: 1, file: 'a.test.ts', titles: ['one'] },
  ])
})
