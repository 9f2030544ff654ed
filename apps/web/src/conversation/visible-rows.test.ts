import { expect, test } from 'vitest'
import { visibleRows } from './visible-rows.ts'

const row = (id: string, parent?: string) => ({ id, ...(parent === undefined ? {} : { parent }) })
const pages = new Map([
  [0, [row('a'), row('b', 'a')]],
  [1, [row('c', 'b'), row('d')]],
])

test('everything under a collapsed row is folded, across pages', () => {
  expect(visibleRows({ total: 4, loaded: pages, closed: new Set(['a']), pageSize: 2 })).toEqual([0, 3])
  expect(visibleRows({ total: 4, loaded: pages, closed: new Set(['b']), pageSize: 2 })).toEqual([0, 1, 3])
})

test('rows that were not read yet are counted as shown', () => {
  expect(visibleRows({ total: 6, loaded: pages, closed: new Set(['a']), pageSize: 2 })).toEqual([0, 3, 4, 5])
})
