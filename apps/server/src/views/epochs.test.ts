import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { contagion, contagionKeys, MemoryContagionIndex } from '@holdfast/graph'
import type { LogEntry, UnixNano } from '@holdfast/model'
import { ProjectionStore } from '@holdfast/recorder'
import { expect, test } from 'vitest'
import { EPOCH_ENTRIES } from '../limits.ts'
import { entriesOf, recordedGroups } from '../testing/entries.ts'
import { scanEpochs } from './epochs.ts'
import { foldEntries } from './fold.ts'
import { foldable } from './foldable.ts'
import { keys, lastPart, traceKeyOf } from './keys.ts'
import { decodePosting } from './posting.ts'
import { placeOf } from './span-index.ts'

const RECORDED_AT = 1_763_700_000_000_000_000n as UnixNano
const ENTRIES = entriesOf(['ai-sdk-v7', 'otel-genai', 'claude-code', 'strands'].flatMap(recordedGroups), RECORDED_AT)
/** Told once, and again by entries so much later that two epochs lie between. */
const AGAIN = ENTRIES.map((entry) => ({ ...entry, index: entry.index + 3 * EPOCH_ENTRIES }))
const EVENTS = ENTRIES.map((entry) => foldable(entry).events)

test('a text that was told in several epochs leads to each of its contexts once', () => {
  using folder = newFolder()
  using store = folded(folder.path, [ENTRIES, AGAIN])
  const expected = new MemoryContagionIndex()
  for (const events of EVENTS) for (const event of events) expected.add(traceKeyOf(event), [event])
  const texts = new Set(EVENTS.flat().flatMap((event) => contagionKeys(event).map(({ key }) => key)))
  expect(texts.size).toBeGreaterThan(10)
  for (const key of texts) {
    const rows = scanEpochs(store, { prefixOf: (epoch) => keys.postings(epoch, key), limit: 1_000 })
    const found = rows.map(([rest, bytes]) => decodePosting(lastPart(rest), bytes))
    const text = key.slice(2)
    const all = contagion(expected, key.startsWith('d') ? { digest: text } : { values: [text] }).entries
    // Of what one trace holds the projection keeps the first that was told.
    expect(new Set(found.map(({ conversation }) => conversation))).toEqual(
      new Set(all.map(({ conversation }) => conversation)),
    )
    for (const entry of found) expect(all).toContainEqual(expect.objectContaining(entry))
    expect(found).toHaveLength(new Set(found.map(({ conversation }) => conversation)).size)
  }
})

test('a span leads to its traces whatever epoch told it', () => {
  using folder = newFolder()
  using store = folded(folder.path, [AGAIN])
  const places = EVENTS.flat().flatMap((event) => placeOf(event.id) ?? [])
  expect(places.length).toBeGreaterThan(20)
  for (const { span, trace } of places) {
    const rows = scanEpochs(store, { prefixOf: (epoch) => keys.tracesOfSpan(epoch, span), limit: 50 })
    expect(rows.map(([rest]) => lastPart(rest))).toContain(trace)
  }
})

test('of more rows than are asked for those of the oldest epochs are given', () => {
  using folder = newFolder()
  using store = folded(folder.path, [ENTRIES, AGAIN])
  const all = scanEpochs(store, { prefixOf: (epoch) => `p/${epoch.toString().padStart(8, '0')}/`, limit: 1_000 })
  const some = scanEpochs(store, { prefixOf: (epoch) => `p/${epoch.toString().padStart(8, '0')}/`, limit: 7 })
  expect(all.length).toBeGreaterThan(7)
  expect(some).toEqual(all.slice(0, 7))
})

function folded(folder: string, batches: readonly (readonly LogEntry[])[]): ProjectionStore {
  const store = ProjectionStore.open({ folder, name: 'workspace', version: 1 })
  for (const batch of batches) {
    const cursor = (batch.at(-1)?.index ?? 0) + 1
    store.apply({ cursor, ...foldEntries(store, batch.map(foldable)) })
  }
  return store
}

function newFolder(): Disposable & { readonly path: string } {
  const path = mkdtempSync(join(tmpdir(), 'holdfast-epochs-'))
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) }
}
