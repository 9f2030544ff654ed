import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ProjectionStore } from '@holdfast/recorder'
import { afterAll, expect, test } from 'vitest'
import type { LogEntry } from '@holdfast/model'
import { FoldTurns } from './fold-turn.ts'
import { FOLD_BATCH_ENTRIES } from '../limits.ts'
import type { Projection } from './projection.ts'

const folder = mkdtempSync(join(tmpdir(), 'holdfast-turns-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const SIZE = FOLD_BATCH_ENTRIES * 3

/** Counts entries by where they lie in the log, so that one folded twice or never shows. */
function counting(name: string) {
  const seen: number[] = []
  const projection: Projection = {
    name,
    version: 1,
    fold: (_reader, inputs) => {
      for (const { entry } of inputs) seen.push(entry.index)
      return { puts: [], deletes: [] }
    },
  }
  return { seen, projection, store: ProjectionStore.open({ folder, name, version: 1 }) }
}

/** A log of erased entries: enough for turns, which look at positions alone. */
function logOf(size: () => number) {
  const entryAt = (index: number) =>
    ({
      index,
      recordedAt: 1n,
      bodyDigest: 'a'.repeat(64),
      body: undefined,
      masks: [],
      envelope: { channel: 'otlp', encoding: 'otlp-span-json', agent: 'host:-/x', agentName: 'x', clock: 'live' },
    }) as unknown as LogEntry // every field that an erased entry's reading touches
  return {
    size,
    *entries({ from, to }: { readonly from: number; readonly to: number }) {
      for (let index = from; index < to; index++) yield entryAt(index)
    },
  }
}

test('every projection folds every entry once, also one that starts later', () => {
  const [first, late] = [counting('first'), counting('late')]
  using a = first.store
  using b = late.store
  a.apply({ cursor: FOLD_BATCH_ENTRIES * 2, puts: [] })
  const turns = new FoldTurns(
    logOf(() => SIZE),
    [first, late],
  )
  expect(turns.reach()).toBe(0)
  const order: boolean[] = []
  for (let turn = turns.turn(); turn.inputs.length > 0; turn = turns.turn()) order.push(turn.isFirst)
  expect(first.seen).toEqual(Array.from({ length: FOLD_BATCH_ENTRIES }, (_, i) => FOLD_BATCH_ENTRIES * 2 + i))
  expect(late.seen).toEqual(Array.from({ length: SIZE }, (_, i) => i))
  expect([a.cursor, b.cursor]).toEqual([SIZE, SIZE])
  expect(turns.reach()).toBe(SIZE)
  expect(order).toContain(true)
})

test('a projection that is behind does not hold up the workspace while the log grows', () => {
  const [first, late] = [counting('busy'), counting('behind')]
  using a = first.store
  using b = late.store
  let size = FOLD_BATCH_ENTRIES * 4
  a.apply({ cursor: size, puts: [] })
  const turns = new FoldTurns(
    logOf(() => size),
    [first, late],
  )
  const order: boolean[] = []
  for (let i = 0; i < 6; i++) {
    size += 10
    order.push(turns.turn().isFirst)
  }
  expect(order).toEqual([true, false, true, false, true, false].map((isFirst) => !isFirst))
  expect(a.cursor).toBeGreaterThan(FOLD_BATCH_ENTRIES * 4)
  expect(b.cursor).toBeGreaterThan(0)
})

test('what was folded beyond the end of the log is thrown away', () => {
  const only = counting('beyond')
  using store = only.store
  store.apply({ cursor: 50, puts: [['k', new Uint8Array(1)]] })
  new FoldTurns(
    logOf(() => 20),
    [only],
  ).clearBeyondLog()
  expect([store.cursor, store.get('k')]).toEqual([0, undefined])
})
