import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { scanOtlp } from '@holdfast/capture'
import type { UnixNano } from '@holdfast/model'
import { ProjectionStore } from '@holdfast/recorder'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { entriesOf, recordedGroups } from '../testing/entries.ts'
import { encodeDoc } from './docs.ts'
import { foldEntries } from './fold.ts'
import { foldable } from './foldable.ts'
import { keys } from './keys.ts'
import { wordsOf } from './name-words.ts'
import { namesWithWords } from './names-with-words.ts'

const folder = mkdtempSync(join(tmpdir(), 'words-'))
let store: ProjectionStore

beforeAll(() => {
  store = ProjectionStore.open({ folder, name: 'words', version: 1 })
  const puts = [
    ['doc-17', 'https://wiki.example/finance/Refund-Policy.md'],
    ['refund/terms 2026', ''],
    ['policy', ''],
  ].flatMap(([name = '', uri = '']) =>
    [...wordsOf(name), ...wordsOf(uri)].map((word) => [keys.word('document', word, name), encodeDoc(uri)] as const),
  )
  store.apply({ cursor: 1, puts, deletes: [] })
})
afterAll(() => {
  store[Symbol.dispose]()
  rmSync(folder, { recursive: true, force: true })
})

test.each([
  ['a word in the middle of a name', 'terms', ['refund/terms 2026']],
  ['a word of its address', 'finance', ['doc-17']],
  ['the start of a word', 'refu', ['doc-17', 'refund/terms 2026']],
  ['all words, in any order and case', 'POLICY refund', ['doc-17']],
  ['a whole address', 'https://wiki.example/finance/refund-policy.md', ['doc-17']],
  ['not the scheme, which nearly all have', 'https', []],
  ['not what no word begins with', 'efund', []],
  ['not one letter', 'r', []],
])('a document is found by %s', (_, text, names) => {
  const found = namesWithWords(store, { kind: 'document', text, most: 50 }).map(({ name }) => name)
  expect(found.toSorted()).toEqual(names)
})

test('no more is found than was wanted, and no tool where documents were', () => {
  expect(namesWithWords(store, { kind: 'document', text: 'refund', most: 1 })).toHaveLength(1)
  expect(namesWithWords(store, { kind: 'tool', text: 'refund', most: 50 })).toEqual([])
})

test('words part where letters end, and where a capital begins', () => {
  expect(wordsOf('lookupOrder_v2')).toEqual(['lookup', 'order', 'v2'])
  expect(wordsOf('s3://Bücher/Über-uns')).toEqual(['bücher', 'über', 'uns'])
})

test('what is told of a document is put under the words of its name and address, and a tool under its own', () => {
  const recordedAt = 1_763_700_000_000_000_000n as UnixNano
  const entries = [requestOf(RETRIEVAL), ...recordedGroups('ai-sdk-v7')].flatMap((group) =>
    entriesOf([group].flat(), recordedAt),
  )
  const numbered = entries.map((entry, index) => foldable({ ...entry, index }))
  const { puts } = foldEntries({ get: () => undefined, scan: () => [] }, numbered)
  const placed = puts.flatMap(([key]) => (key.startsWith('w/') ? [key] : []))
  expect(placed).toEqual(
    expect.arrayContaining([
      ...['kb', '42', 'finance', 'refunds', 'html'].map((word) => keys.word('document', word, 'kb-42')),
      ...['lookup', 'order'].map((word) => keys.word('tool', word, 'lookup_order')),
    ]),
  )
})

const RETRIEVAL = [
  ['openinference.span.kind', 'RETRIEVER'],
  ['retrieval.documents.0.document.id', 'kb-42'],
  ['retrieval.documents.0.document.content', 'Refunds take two weeks.'],
  ['retrieval.documents.0.document.metadata', '{"source":"https://wiki.example/finance/refunds.html"}'],
] as const

/** One span, as it comes over OTLP. */
function requestOf(pairs: readonly (readonly [string, string])[]) {
  const span = {
    traceId: 'b'.repeat(32),
    spanId: '1'.repeat(16),
    name: 'retrieve',
    startTimeUnixNano: '1763700000000000000',
    attributes: pairs.map(([key, stringValue]) => ({ key, value: { stringValue } })),
  }
  const body = Buffer.from(JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] }))
  const arrival = { instance: 'http:4318', credential: 'loopback', tier: 'self-reported' } as const
  const scanned = scanOtlp({ signal: 'traces', encoding: 'json', body, arrival })
  if (scanned.status === 'malformed') throw new Error(scanned.message)
  return scanned.groups
}
