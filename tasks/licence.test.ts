import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const ROOT = join(import.meta.dirname, '..')
const MANIFESTS = '{package.json,{apps,packages}/*/package.json,{sensor,scenarios,bench}/package.json}'
const SOURCES = '{apps/*,packages/*,sensor}/src/**/*.{ts,tsx}'
const text = (path: string): string => readFileSync(join(ROOT, path), 'utf8')

test('every package is under the licence of the repository, and no code asks for another', () => {
  expect(text('LICENSE')).toMatch(/^\s*Apache License\s+Version 2\.0, January 2004/)
  const manifests = globSync(MANIFESTS, { cwd: ROOT })
  expect(manifests.length).toBeGreaterThan(15)
  const licenceOf = (path: string) => (JSON.parse(text(path)) as { readonly license?: string }).license // of npm
  expect(manifests.filter((path) => licenceOf(path) !== 'Apache-2.0')).toEqual([])
  const sources = globSync(SOURCES, { cwd: ROOT }).filter((path) => !path.includes('.test.'))
  expect(sources.length).toBeGreaterThan(500)
  const asked = /licen[cs]e[ _-]?key|enterprise edition|premium plan|paid plan|subscription tier/i
  expect(sources.filter((path) => asked.test(text(path)))).toEqual([])
})
