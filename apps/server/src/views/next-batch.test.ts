import type { UnixNano } from '@holdfast/model'
import { expect, test } from 'vitest'
import { FOLD_BATCH_BYTES, FOLD_BATCH_ENTRIES } from '../limits.ts'
import { entriesOf, recordedGroups } from '../testing/entries.ts'
import { nextBatch } from './next-batch.ts'

const [ENTRY] = entriesOf(recordedGroups('otel-genai'), 1_763_700_000_000_000_000n as UnixNano) // one fixed instant

test('a batch ends at its number of entries', () => {
  expect(nextBatch(endless(ENTRY?.body ?? new Uint8Array(0)))).toHaveLength(FOLD_BATCH_ENTRIES)
})

test('a batch of large bodies ends with the one that reaches the bound on bytes', () => {
  expect(nextBatch(endless(new Uint8Array(FOLD_BATCH_BYTES / 4)))).toHaveLength(4)
  expect(nextBatch(endless(new Uint8Array(FOLD_BATCH_BYTES + 1)))).toHaveLength(1)
})

function* endless(body: Uint8Array) {
  if (ENTRY === undefined) throw new Error('the fixture holds an entry')
  for (let index = 0; ; index++) yield { ...ENTRY, index, body }
}
