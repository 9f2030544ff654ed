import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { KEY_GROUPS, KEYS, printKeys, type KeyBinding } from './keys.ts'

const PAGE = join(import.meta.dirname, '../../../../docs/keyboard.md')
const bindings: readonly KeyBinding[] = Object.values(KEYS)

test('the page of the documentation is the table of the bindings', () => {
  const page = pageOf(bindings)
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(PAGE, page)
  expect(readFileSync(PAGE, 'utf8')).toBe(page)
})

test('no two bindings share their keys, and every one stands under a heading', () => {
  expect(new Set(bindings.map(({ keys }) => keys)).size).toBe(bindings.length)
  const groups = new Set(KEY_GROUPS.map(([group]) => group))
  expect(bindings.filter(({ group }) => !groups.has(group))).toEqual([])
})

test('every letter or sign alone can be turned off', () => {
  const alone = bindings
    .filter(({ keys }) => !keys.includes('+') || keys === '+')
    .filter(({ keys }) => !/^(escape|arrow)/.test(keys))
  expect(alone.filter(({ single }) => !single)).toEqual([])
})

function pageOf(table: readonly KeyBinding[]): string {
  const sections = KEY_GROUPS.map(([group, title]) => {
    const rows = table
      .filter((binding) => binding.group === group)
      .map(
        ({ keys, act }) =>
          `- ${printKeys(keys, false)
            .map(keyed)
            .join(keys.includes('>') ? ' then ' : ' ')} ${act}`,
      )
    return `## ${title}\n\n${rows.join('\n')}\n`
  })
  return [
    '# Keyboard',
    '',
    'The keys of the workspace, as they are bound; press `?` anywhere to see them. Letters and signs can be turned off there',
    '(they are then free for assistive technology). No key contains, deletes or changes anything.',
    '',
    sections.join('\n'),
  ].join('\n')
}

function keyed(key: string): string {
  return `<kbd>${key}</kbd>`
}
