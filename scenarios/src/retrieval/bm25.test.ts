import { expect, test } from 'vitest'

import { search } from './bm25.ts'
import { loadCorpus } from './corpus.ts'

test('the document about the question comes first, whatever else shares a word with it', async () => {
  const hits = search(await loadCorpus('handbook'), 'refund for damaged goods', 3)
  expect(hits[0]).toMatchObject({ id: 'handbook/damaged-goods', version: '2026-09', uri: 'corpus://damaged-goods.md' })
  expect(hits.map((hit) => hit.score)).toEqual(hits.map((hit) => hit.score).toSorted((a, b) => b - a))
})

test('a query that shares no word with the corpus finds nothing', async () => {
  expect(search(await loadCorpus('handbook'), 'zeppelin', 3)).toEqual([])
})

test('a collection holds its own documents only', async () => {
  const ids = (await loadCorpus('runbook')).map((document) => document.id)
  expect(ids).toEqual(['runbook/disk-pressure', 'runbook/replica-failover'])
})
