import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ProjectionStore } from './projection-store.ts'
import { scratchFolder } from './testing/groups.ts'

const bytes = (text: string) => Buffer.from(text)

test('keeps entries and cursor over a restart, and starts over for another version', () => {
  using folder = scratchFolder()
  const at = { folder: folder.path, name: 'graph', version: 1 }
  {
    using store = ProjectionStore.open(at)
    store.apply({
      cursor: 7,
      puts: [
        ['a', bytes('1')],
        ['b', bytes('2')],
      ],
    })
    store.apply({ cursor: 9, puts: [['b', bytes('3')]], deletes: ['a'] })
  }
  {
    using store = ProjectionStore.open(at)
    expect(store.cursor).toBe(9)
    expect(store.get('a')).toBeUndefined()
    expect(Buffer.from(store.get('b') ?? []).toString()).toBe('3')
  }
  using newer = ProjectionStore.open({ ...at, version: 2 })
  expect(newer.cursor).toBe(0)
  expect(newer.get('b')).toBeUndefined()
})

test('starts over where the file is damaged', () => {
  using folder = scratchFolder()
  const at = { folder: folder.path, name: 'graph', version: 1 }
  ProjectionStore.open(at)[Symbol.dispose]()
  writeFileSync(join(folder.path, 'views', 'graph.db'), 'no database')
  using store = ProjectionStore.open(at)
  expect(store.cursor).toBe(0)
})

test('applies a batch whole or not at all', () => {
  using folder = scratchFolder()
  using store = ProjectionStore.open({ folder: folder.path, name: 'graph', version: 1 })
  function* failing(): Generator<[string, Uint8Array]> {
    yield ['a', bytes('1')]
    throw new Error('stop')
  }
  expect(() => store.apply({ cursor: 5, puts: failing() })).toThrow('stop')
  expect(store.cursor).toBe(0)
  expect(store.get('a')).toBeUndefined()
})

test('forgets everything when cleared', () => {
  using folder = scratchFolder()
  using store = ProjectionStore.open({ folder: folder.path, name: 'graph', version: 1 })
  store.apply({ cursor: 5, puts: [['a', bytes('1')]] })
  store.clear()
  expect([store.cursor, store.get('a')]).toEqual([0, undefined])
})

test('scans like a sorted map, from both ends, for any keys', () => {
  using folder = scratchFolder()
  using store = ProjectionStore.open({ folder: folder.path, name: 'graph', version: 1 })
  const key = fc.string({ unit: fc.constantFrom('a', 'b', '\u0000', 'é', '\u{10ffff}'), maxLength: 4 })
  fc.assert(
    fc.property(
      fc.uniqueArray(key, { maxLength: 12 }),
      key,
      fc.option(key),
      fc.nat(12),
      fc.boolean(),
      (keys, prefix, after, limit, reverse) => {
        store.clear()
        store.apply({ cursor: 1, puts: keys.map((name) => [name, bytes(name)] as const) })
        const inOrder = keys.toSorted((a, b) => Buffer.compare(bytes(a), bytes(b)))
        const expected = (reverse ? inOrder.toReversed() : inOrder)
          .filter((name) => bytes(name).subarray(0, bytes(prefix).length).equals(bytes(prefix)))
          .filter((name) => after === null || Buffer.compare(bytes(name), bytes(after)) * (reverse ? -1 : 1) > 0)
          .slice(0, limit)
        const query = { prefix, limit, reverse, ...(after === null ? {} : { after }) }
        expect(store.scan(query).map(([name]) => name)).toEqual(expected)
      },
    ),
    { numRuns: 200 },
  )
})
