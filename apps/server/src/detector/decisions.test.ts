import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { EventSummary } from '@holdfast/model'
import { ProjectionStore } from '@holdfast/recorder'
import { afterAll, expect, test } from 'vitest'
import { decisionsIn, foldControl } from './decisions.ts'
import { DECISIONS_READ } from './limits.ts'

const folder = mkdtempSync(join(tmpdir(), 'holdfast-decisions-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

type Word = readonly [incident: string, decision: 'confirmed' | 'dismissed' | 'withdrawn']

function folded(store: ProjectionStore, words: readonly Word[]): void {
  const puts = new Map<string, Uint8Array>()
  for (const [entry, [incident, decision]] of words.entries()) {
    const said = { kind: 'incident-decision', incident, decision, conversations: [], reason: 'r', by: 'eve' }
    foldControl(puts, { entry, body: { kind: 'control', record: said } } as unknown as EventSummary) // all that is read of one
  }
  store.apply({ cursor: words.length, puts })
}

test('of more decisions than are read the newest are, whatever their incidents are called', () => {
  using store = ProjectionStore.open({ folder, name: 'newest', version: 1 })
  // The newest has the name that would come last.
  const words = Array.from({ length: DECISIONS_READ + 100 }, (_, i) => [`inc-${100_000 + i}`, 'confirmed'] as const)
  folded(store, words)
  const read = decisionsIn(store)
  expect(read).toHaveLength(DECISIONS_READ)
  expect([read[0]?.entry, read.at(-1)?.entry]).toEqual([words.length - 1, 100])
})

test('of one incident the last word counts, once, and none that was taken back', () => {
  using store = ProjectionStore.open({ folder, name: 'last-word', version: 1 })
  folded(store, [
    ['inc-a', 'confirmed'],
    ['inc-b', 'dismissed'],
    ['inc-a', 'dismissed'],
    ['inc-c', 'confirmed'],
    ['inc-c', 'withdrawn'],
  ])
  expect(decisionsIn(store).map(({ incident, decision }) => [incident, decision])).toEqual([
    ['inc-a', 'dismissed'],
    ['inc-b', 'dismissed'],
  ])
})
