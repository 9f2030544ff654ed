import { expect, test } from 'vitest'
import { readersOf } from './run.ts'

const row = (id: string, conversation: string | undefined, claimedAt: string) => ({
  id,
  entry: 1,
  claimedAt,
  recordedAt: claimedAt,
  label: 'read',
  agentName: 'order-desk',
  values: conversation === undefined ? {} : { conversation },
})

test('events are counted by execution, the latest read first, and one without an execution stands alone', () => {
  const rows = readersOf([
    row('e3', 'a', '300'),
    row('e1', 'a', '99'),
    row('e2', 'b', '1000'),
    row('e4', undefined, '5'),
  ])
  expect(
    rows.map(({ conversation, events, first, last, event }) => [conversation, events, first, last, event]),
  ).toEqual([
    ['b', 1, '1000', '1000', 'e2'],
    ['a', 2, '99', '300', 'e1'],
    ['e4', 1, '5', '5', 'e4'],
  ])
})
