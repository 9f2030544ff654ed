import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { EntryGroup, UnixNano } from '@holdfast/model'
import { LogReader, ProjectionStore, Recorder } from '@holdfast/recorder'
import { expect, test } from 'vitest'
import { recordedGroups } from '../testing/entries.ts'
import { runSeed, seededRandom } from '../testing/seeded-random.ts'
import { foldEntries } from './fold.ts'
import { foldable } from './foldable.ts'
import { Views } from './views.ts'

const DIALECTS = ['ai-sdk-v7', 'otel-genai', 'openinference', 'claude-code', 'langsmith', 'mastra', 'openai-agents']
const ORDERS = 50

test(
  `the same recording fed in ${ORDERS} random orders gives byte-identical graphs`,
  { timeout: 180_000 },
  async () => {
    const random = seededRandom(runSeed('arrival order'))
    const entries = DIALECTS.flatMap(recordedGroups).flatMap(singleEntries)
    const expected = await graphsOf(entries, random)
    expect(expected.size).toBeGreaterThanOrEqual(3)
    for (let order = 1; order < ORDERS; order += 1) {
      const graphs = await graphsOf(shuffled(entries, random), random)
      for (const [conversation, graph] of expected) expect(graphs.get(conversation)).toBe(graph)
      expect(graphs.size).toBe(expected.size)
    }
  },
)

/** Every conversation's graph as JSON text, after the entries went through a real log and the real projection. */
async function graphsOf(entries: readonly EntryGroup[], random: () => number): Promise<ReadonlyMap<string, string>> {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-order-'))
  try {
    await using recorder = await Recorder.open({ folder, clock: () => 1_763_700_000_000_000_000n as UnixNano }) // one fixed instant
    await Promise.all(entries.map((group) => recorder.append([group])))
    using reader = LogReader.open({ folder })
    using store = ProjectionStore.open({ folder, name: 'workspace', version: 1 })
    const views = new Views({ reader, store })
    while (store.cursor < reader.size()) {
      const to = Math.min(reader.size(), store.cursor + 1 + Math.floor(random() * 40))
      const inputs = [...reader.entries({ from: store.cursor, to })].map(foldable)
      store.apply({ cursor: to, ...foldEntries(store, inputs) })
      views.grew(inputs)
      // Asked for half-way, so that graphs are extended and not only read whole.
      views.answer('getGraph', { conversation: 'conv-4711~host:order-desk-1/order-desk' })
    }
    const { items } = views.answer('listConversations', { query: { limit: 1000 } }) as { items: { id: string }[] } // the route's own answer
    return new Map(items.map(({ id }) => [id, JSON.stringify(views.answer('getGraph', { conversation: id }))]))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function singleEntries(group: EntryGroup): readonly EntryGroup[] {
  return Array.from(group.starts, (start, i) => ({
    ...group,
    starts: Uint32Array.of(start),
    ends: Uint32Array.of(group.ends[i] ?? start),
    masks: new Map([...group.masks].flatMap(([body, masks]) => (body === i ? [[0, masks] as const] : []))),
  }))
}

function shuffled<T>(items: readonly T[], random: () => number): readonly T[] {
  return items
    .map((item) => ({ item, key: random() }))
    .toSorted((a, b) => a.key - b.key)
    .map(({ item }) => item)
}
