import { expect, test } from 'vitest'
import { withInstant } from './with-instant.ts'

const AT = '?at=2026-11-21T14%3A32%3A00Z&by=known&q=x'

test('a path is opened at the instant that is shown, by the same clock, and takes nothing else along', () => {
  expect(withInstant('/agents/a%2Fb', AT)).toBe('/agents/a%2Fb?at=2026-11-21T14%3A32%3A00Z&by=known')
  expect(withInstant('/hunt?q=%5B1%5D#row', AT)).toBe('/hunt?q=%5B1%5D&at=2026-11-21T14%3A32%3A00Z&by=known#row')
})

test('a path that names its own instant keeps it, and at the present nothing is added', () => {
  expect(withInstant('/drift?at=2026-01-01T00:00:00Z', AT)).toBe('/drift?at=2026-01-01T00:00:00Z')
  expect(withInstant('/drift', '?q=x')).toBe('/drift')
})

test('the zone goes along, also to a path that names its own instant', () => {
  expect(withInstant('/drift?at=2026-01-01T00:00:00Z', `${AT}&zone=Asia%2FTokyo`)).toBe(
    '/drift?at=2026-01-01T00%3A00%3A00Z&zone=Asia%2FTokyo',
  )
  expect(withInstant('/drift?zone=Europe%2FBerlin', '?zone=Asia%2FTokyo')).toBe('/drift?zone=Europe%2FBerlin')
})
