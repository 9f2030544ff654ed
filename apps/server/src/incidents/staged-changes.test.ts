import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ProjectionStore } from '@holdfast/recorder'
import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { StagedChanges } from './staged-changes.ts'

const folder = mkdtempSync(join(tmpdir(), 'holdfast-staged-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const key = fc.constantFrom('a/1', 'a/2', 'a/é', 'b/1', 'b')
const change = fc.record({ key, value: fc.option(fc.nat(255), { nil: undefined }) })

test('what is staged reads as it stands after the commit, and nothing of it stands before', () => {
  using store = ProjectionStore.open({ folder, name: 'staged', version: 1 })
  fc.assert(
    fc.property(fc.array(change, { maxLength: 8 }), fc.array(change, { maxLength: 8 }), (before, staged) => {
      store.clear()
      const seeds = before.flatMap(({ key: name, value }) =>
        value === undefined ? [] : [[name, Uint8Array.of(value)] as const],
      )
      store.apply({ cursor: 7, puts: seeds })
      const rows = () => store.scan({ prefix: '', limit: 100 })
      const stood = rows()
      const changes = new StagedChanges(store)
      for (const { key: name, value } of staged)
        if (value === undefined) changes.delete(name)
        else changes.put(name, Uint8Array.of(value))
      expect(rows()).toEqual(stood)
      const names = ['a/1', 'a/2', 'a/é', 'b/1', 'b']
      const read = names.map((name) => changes.get(name))
      const firsts = ['', 'a/', 'b'].map((prefix) => changes.firstKey(prefix))
      changes.commit()
      expect(names.map((name) => store.get(name))).toEqual(read)
      expect(['', 'a/', 'b'].map((prefix) => store.scan({ prefix, limit: 1 })[0]?.[0])).toEqual(firsts)
      expect(store.cursor).toBe(7)
    }),
    { numRuns: 100 },
  )
})
