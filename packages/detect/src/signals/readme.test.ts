import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const folder = import.meta.dirname
const page = readFileSync(join(folder, 'README.md'), 'utf8')

/** Names that the sources give to their detectors. */
function namesIn(pattern: string, name: RegExp): readonly string[] {
  return globSync(pattern, { cwd: folder })
    .filter((file) => !file.endsWith('.test.ts'))
    .flatMap((file) => [...readFileSync(join(folder, file), 'utf8').matchAll(name)].map((match) => match[1] ?? ''))
}

test('every detector has its row in the page', () => {
  const kernel = namesIn('kernel*.ts', /\brule\(\s*'([a-z-]+)'|detector: 'kernel\/([a-z-]+)'/g).filter(
    (name) => name !== '',
  )
  const families = namesIn('authority-families.ts', /\| '([a-z-]+)'/g)
  const counted = namesIn('authority-counts.ts', /name: '([a-z-]+)'/g)
  expect(Math.min(kernel.length, families.length, counted.length)).toBeGreaterThan(5)
  const missing = [
    ...kernel.map((name) => `kernel/${name}`),
    ...[...families, ...counted].map((name) => `authority/${name}`),
  ].filter((name) => !page.includes(`\`${name}\``))
  expect([...new Set(missing)]).toEqual([])
})
