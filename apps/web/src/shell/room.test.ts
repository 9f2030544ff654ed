import { expect, test } from 'vitest'
import { roomFor } from './room.ts'

const LINE = { entries: [80, 100, 60, 90, 85, 95], icon: 20 }

test.each([
  ['all pages with their icons', 530, { pages: 6, hasIcons: true }],
  ['all pages without icons, where these take the room', 529, { pages: 6, hasIcons: false }],
  ['some pages, and the rest behind a button as wide as the longest name', 409, { pages: 4, hasIcons: false }],
  ['as many with icons as without', 240, { pages: 1, hasIcons: true }],
  ['the button alone', 100, { pages: 0, hasIcons: false }],
  ['the button alone where there is no room at all', 0, { pages: 0, hasIcons: false }],
])('%s', (_, width, room) => {
  expect(roomFor({ ...LINE, width })).toEqual(room)
})

test('more room never shows fewer pages', () => {
  const shown = Array.from({ length: 600 }, (_, width) => roomFor({ ...LINE, width }).pages)
  expect(shown).toEqual(shown.toSorted((a, b) => a - b))
})
