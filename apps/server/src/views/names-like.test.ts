import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ProjectionStore } from '@holdfast/recorder'
import { expect, test } from 'vitest'
import { keys } from './keys.ts'
import { namesLike } from './names-like.ts'

test('a name is there once, whoever read it, and one that only begins like another is not passed over', () => {
  const folder = mkdtempSync(join(tmpdir(), 'names-'))
  const store = ProjectionStore.open({ folder, name: 'names', version: 1 })
  const names = ['report', 'report/a', 'report 0', 'report-2', 'report0', 'reports', 'other']
  const traces = Array.from({ length: 60 }, (_, trace) => String(trace))
  const puts = names.flatMap((name) =>
    traces.map((trace) => [keys.named('document', name, trace), new Uint8Array()] as const),
  )
  try {
    store.apply({ cursor: 1, puts, deletes: [] })
    const found = namesLike(store, { kind: 'document', start: 'report', most: 50 })
    expect(found.toSorted()).toEqual(names.filter((name) => name !== 'other').toSorted())
    expect(namesLike(store, { kind: 'document', start: 'report', most: 2 })).toHaveLength(2)
    expect(namesLike(store, { kind: 'tool', start: 'report', most: 50 })).toEqual([])
  } finally {
    store[Symbol.dispose]()
    rmSync(folder, { recursive: true, force: true })
  }
})
