import type { QuarantinedItem } from '@holdfast/model'
import { expect, test } from 'vitest'
import { standingOf } from './quarantine-standing.ts'

const [ONE, OTHER] = ['1'.repeat(64), '2'.repeat(64)]
const PRICING = { kind: 'document', source: 'kb', id: 'kb/pricing' } as const
const TAINTED: QuarantinedItem = { ...PRICING, version: 'v9', digest: ONE }

function standing(kept: QuarantinedItem, of: QuarantinedItem = TAINTED, incident: string | undefined = 'inc-1') {
  return standingOf([{ item: kept, ...(incident === undefined ? {} : { incident }) }], of, ['inc-0', 'inc-1'])
}

test('an item that is kept out whole, in its version or by its text is done with', () => {
  for (const kept of [PRICING, { ...PRICING, version: 'v9' }, { ...PRICING, digest: ONE }, TAINTED])
    expect(standing(kept)).toEqual({ isQuarantined: true })
})

test('another version, another text or another item leaves it open', () => {
  for (const kept of [
    { ...PRICING, version: 'v8' },
    { ...PRICING, digest: OTHER },
    { ...PRICING, version: 'v9', digest: OTHER },
    { ...PRICING, id: 'kb/claims' },
    { ...PRICING, source: 'wiki' },
  ])
    expect(standing(kept)).toEqual({ isQuarantined: false })
})

test('a text that is not known is not the one that is kept out', () => {
  expect(standing({ ...PRICING, digest: ONE }, PRICING)).toEqual({ isQuarantined: false })
  expect(standing({ ...PRICING, version: 'v9' }, PRICING)).toEqual({ isQuarantined: false })
})

test('a version of which no text is known is in quarantine and not withheld', () => {
  const unread = { ...PRICING, version: 'v9' }
  const said = { isQuarantined: true, notWithheld: expect.stringContaining('by its text alone') }
  expect(standing(unread, unread)).toEqual(said)
  expect(standing(unread, TAINTED, 'inc-2')).toEqual(said)
  expect(standing(unread, TAINTED)).toEqual({ isQuarantined: true })
  expect(standing({ ...unread, digest: ONE }, unread)).toEqual({ isQuarantined: true })
})
