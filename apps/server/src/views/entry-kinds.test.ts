import { expect, test } from 'vitest'
import { EntryKinds } from './entry-kinds.ts'

test('an entry is passed over only where it is known to hold nothing that is wanted', () => {
  const known = new EntryKinds(10)
  known.add(1, { agent: 'a', kinds: new Set(['prompt', 'process']) })
  known.add(2, { agent: 'b' })
  const asked = [
    { index: 0, agent: 'a', kind: 'file' },
    { index: 1, agent: 'a', kind: 'process' },
    { index: 1, agent: 'a', kind: undefined },
    { index: 1, agent: undefined, kind: 'prompt' },
    { index: 1, agent: 'a', kind: 'file' },
    { index: 1, agent: 'b', kind: 'process' },
    { index: 2, agent: undefined, kind: 'file' },
    { index: 2, agent: 'a', kind: undefined },
  ]
  const mayHold = asked.map(({ index, ...wanted }) => known.mayHold(index, wanted))
  // Of the second entry only the agent was looked at.
  expect(mayHold).toEqual([true, true, true, true, false, false, true, false])
  known.forget()
  expect(known.mayHold(1, { agent: 'b', kind: 'file' })).toBe(true)
})

test('no more is kept than was said, the newest of it', () => {
  const known = new EntryKinds(2)
  for (const index of [1, 2, 1, 3]) known.add(index, { agent: 'a' })
  const wanted = { agent: 'b', kind: undefined }
  expect([1, 2, 3].map((index) => known.mayHold(index, wanted))).toEqual([false, true, false])
})
