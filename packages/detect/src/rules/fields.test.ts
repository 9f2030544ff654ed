import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { FIELDS } from './fields.ts'
import { MODIFIERS } from './modifiers.ts'

const page = readFileSync(join(import.meta.dirname, '../../../../docs/rules.md'), 'utf8')

test('the page lists every field as it is, and no other', () => {
  const section = page.slice(page.indexOf('\n## Fields'))
  const written = section.split('\n').flatMap((line) => {
    const cells = line.split('|').map((cell) => cell.trim())
    return cells[1]?.startsWith('`') === true ? [cells.slice(1, 5).join(' | ')] : []
  })
  const ours = [...FIELDS].map(([name, { type, isMany, kinds, says }]) =>
    [
      `\`${name}\``,
      `${type}${isMany === true ? ' (several)' : ''}`,
      kinds === undefined ? 'every event' : kinds.map((kind) => `\`${kind}\``).join(', '),
      says,
    ].join(' | '),
  )
  expect(written).toEqual(ours)
})

test('the page names every modifier', () => {
  expect(MODIFIERS.filter((name) => !page.includes(`\`${name}\``))).toEqual([])
})
