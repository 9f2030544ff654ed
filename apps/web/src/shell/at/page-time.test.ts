import { expect, test } from 'vitest'
import { pageTimeOf } from './page-time.ts'

test('a page that shows the present whatever the address says is known as one', () => {
  expect(
    Object.fromEntries(
      [
        '/',
        '/tail',
        '/incidents',
        '/incidents/inc-1',
        '/agents/a/overview',
        '/agents/a/inventory',
        '/agents/a/drift',
      ].map((path) => [path, pageTimeOf(path)]),
    ),
  ).toEqual({
    '/': 'now',
    '/tail': 'now',
    '/incidents': 'now',
    '/incidents/inc-1': 'timeline',
    '/agents/a/overview': 'now',
    '/agents/a/inventory': 'both',
    '/agents/a/drift': 'happened',
  })
  expect(['/conversations/c', '/hunt', '/diagnostic'].map(pageTimeOf)).toEqual(['both', 'both', 'happened'])
})
