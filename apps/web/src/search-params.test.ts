import fc from 'fast-check'
import { expect, test } from 'vitest'
import { safePath } from './paths.ts'
import {
  agentSearch,
  conversationSearch,
  hiddenKinds,
  integritySearch,
  openSearch,
  tailSearch,
  timeSearch,
} from './search-params.ts'

test('an address says everything that is shown, and nothing is shown that it does not say', () => {
  const address = {
    view: 'table',
    mode: 'as-run',
    node: 'n1',
    path: 'trigger',
    q: 'pay',
    hide: 'step,agent',
    limit: 300,
  }
  expect(conversationSearch.parse(address)).toEqual(address)
  expect(conversationSearch.parse({})).toEqual({ view: 'graph', mode: 'aggregated' })
})

test('no address breaks a page: what is not understood counts as absent', () => {
  const anything = fc.dictionary(
    fc.constantFrom('view', 'mode', 'node', 'event', 'path', 'q', 'hide', 'limit', 'entry', 'agent'),
    fc.anything(),
  )
  fc.assert(
    fc.property(anything, (search) => {
      for (const schema of [conversationSearch, tailSearch, integritySearch, agentSearch, openSearch]) {
        expect(schema.safeParse(search).success).toBe(true)
      }
    }),
  )
})

test('a zone is one that this browser knows, and UTC needs no word in the address', () => {
  expect(timeSearch.parse({ zone: 'america/new_york' })).toEqual({ zone: 'America/New_York' })
  for (const zone of ['UTC', 'Mars/Olympus', 7, '']) expect(timeSearch.parse({ zone }).zone).toBeUndefined()
})

test('an id of digits alone is still an id', () => {
  expect(openSearch.parse({ q: 4471 })).toEqual({ q: '4471' })
})

test('no kind is hidden by an empty list', () => {
  expect(hiddenKinds(undefined)).toEqual([])
  expect(hiddenKinds('step,,agent')).toEqual(['step', 'agent'])
})

test('a path that leads out of the workspace is no path', () => {
  expect(['//evil.example', '/\\evil.example', 'https://evil.example', 'javascript:alert(1)'].map(safePath)).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
  ])
  expect(safePath('/agents/a')).toBe('/agents/a')
})
