import { globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { importedBy, impuritiesIn } from './impure.ts'

const ROOT = join(import.meta.dirname, '..')
const PURE = ['model', 'capture', 'api', 'graph', 'declare', 'observe', 'enforce', 'reconcile', 'detect', 'respond']

const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8')
const faultsOf = (files: readonly string[]) => files.flatMap((file) => impuritiesIn(file, read(file)))

test('a clock and a random number are found by the syntax of a file', () => {
  const text = `import { randomUUID as id } from 'node:crypto'
// Date.now() in a comment, and "Math.random()" in a text
const at = [Date.now(), Date.parse('2026-01-01'), new Date(0), new Date()]
const process = { id: 1 }
export const all = [at, process.id, Math.random(), performance.now(), id()]
`
  expect(impuritiesIn('a.ts', text)).toEqual([
    'a.ts:1 import of randomUUID',
    'a.ts:3 Date.now',
    'a.ts:3 new Date()',
    'a.ts:5 Math.random',
    'a.ts:5 performance.now',
  ])
})

test('no package that is pure reads a clock or draws a random number', () => {
  const files = PURE.flatMap((name) => globSync(`packages/${name}/src/**/*.ts`, { cwd: ROOT })).filter(
    (file) => !file.endsWith('.test.ts') && !file.includes('/testing/'),
  )
  expect(files.length).toBeGreaterThan(500)
  expect(faultsOf(files)).toEqual([])
})

test('nothing that folds the log does either, whatever it calls', () => {
  const opener = 'apps/server/src/views/open-views.ts'
  const folds = [...read(opener).matchAll(/^import \{ (?:\w+Projection|foldEntries) \} from '([^']+)'/gm)].map(
    ([, path = '']) => join(dirname(opener), path),
  )
  expect(folds).toHaveLength(7)
  const files = importedBy(ROOT, folds)
  expect(files.length).toBeGreaterThan(40)
  expect(faultsOf(files)).toEqual([])
})
