import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const ROOT = join(import.meta.dirname, '..')
const text = (path: string): string => readFileSync(join(ROOT, path), 'utf8')
const index = text('llms.txt')
const links = [...index.matchAll(/^- \[(.+?)\]\((.+?)\)(?:: (.+))?$/gm)].map(([, title = '', path = '']) => ({
  title,
  path,
}))

test('llms.txt names every page once, by the title that it has', () => {
  const pages = globSync('docs/{,transcripts/}*.md', { cwd: ROOT })
  expect(pages.length).toBeGreaterThan(20)
  expect(pages.filter((page) => links.filter(({ path }) => path === page).length !== 1)).toEqual([])
  expect(links.filter(({ path }) => !existsSync(join(ROOT, path)))).toEqual([])
  const titleOf = (path: string): string => /^# (.+)$/m.exec(text(path))?.[1] ?? ''
  expect(links.filter(({ title, path }) => title !== titleOf(path))).toEqual([])
})

test('llms.txt gives no orders to the software that reads it', () => {
  expect(index).not.toMatch(/\b(?:you (?:must|should|are)|ignore|always|never|do not|please|remember to)\b/i)
})
