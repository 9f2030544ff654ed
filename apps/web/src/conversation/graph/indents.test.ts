import { expect, test } from 'vitest'
import { indentsOf, MAX_INDENT } from './indents.ts'

const edge = (text: string) => ({ from: text[0] ?? '', to: text[1] ?? '' })
const processes = (ids: string) => Array.from(ids).map((id) => ({ id, lane: 'process' as const }))

test('what branches in a lane stands to the right, a chain does not', () => {
  const nodes = processes('abcde')
  const indents = indentsOf({ nodes, edges: ['ab', 'bc', 'bd', 'de'].map(edge) }, ['a', 'b', 'c', 'd', 'e'])
  expect(Object.fromEntries(indents)).toEqual({ a: 0, b: 0, c: 1, d: 1, e: 1 })
})

test('children in another lane indent nothing', () => {
  const nodes = [...processes('ab'), { id: 'n', lane: 'network' as const }]
  expect(indentsOf({ nodes, edges: ['ab', 'an'].map(edge) }, ['a', 'b', 'n']).get('b')).toBe(0)
})

test('a deep tree is indented up to a bound', () => {
  const ids = Array.from({ length: 40 }, (_, at) => `n${at}`)
  const nodes = ids.flatMap((id) => [
    { id, lane: 'process' as const },
    { id: `${id}x`, lane: 'process' as const },
  ])
  const edges = ids.flatMap((id, at) => [
    { from: id, to: `n${at + 1}` },
    { from: id, to: `${id}x` },
  ])
  expect(Math.max(...indentsOf({ nodes, edges }, ids).values())).toBe(MAX_INDENT)
})
