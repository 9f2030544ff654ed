import type { CaseWire } from '@holdfast/api'
import { expect, test } from 'vitest'
import { sealKnown } from './at-risk.ts'

const seal: CaseWire['seals'][number] = { size: 40, rootHash: 'r', completeness: 1, at: '1' }

test('what is not read yet, or could not be, is never said to be unsealed', () => {
  expect(sealKnown(undefined, null)).toEqual({ kind: 'reading' })
  expect(sealKnown(undefined, new Error('no answer'))).toEqual({ kind: 'unread' })
})

test('the case that was read says whether there is a seal, and the newest counts, even where it was not read again', () => {
  expect(sealKnown({ seals: [] }, null)).toEqual({ kind: 'none' })
  expect(sealKnown({ seals: [{ ...seal, size: 7 }, seal] }, new Error('no answer'))).toEqual({
    kind: 'sealed',
    size: 40,
  })
})
