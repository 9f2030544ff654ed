import { parseHuntQuery } from '@holdfast/model'
import { expect, test } from 'vitest'
import { changesOf, fromOf, readersOf, readsOf } from './source.ts'

const row = (id: string, conversation: string | undefined, claimedAt: string, kind = 'context-item') => ({
  id,
  entry: 1,
  claimedAt,
  recordedAt: claimedAt,
  label: 'read',
  agentName: 'order-desk',
  values: { kind, agent: 'host:a/order-desk', ...(conversation === undefined ? {} : { conversation }) },
})

test('each execution is one row, the latest read first, and an event of none stands alone', () => {
  const rows = readersOf([
    row('e3', 'a', '300'),
    row('e1', 'a', '99'),
    row('e2', 'b', '1000'),
    row('e4', undefined, '5'),
  ])
  expect(rows.map(({ conversation, events, first, last }) => [conversation, events, first, last])).toEqual([
    ['b', 1, '1000', '1000'],
    ['a', 2, '99', '300'],
    [undefined, 1, '5', '5'],
  ])
})

test('of a tool the event that holds its text is the definition and not a later call', () => {
  const rows = readersOf([row('call', 'a', '300', 'tool-call'), row('told', 'a', '99', 'tool-definition')])
  expect(rows.map(({ event }) => event)).toEqual(['told'])
})

test.each(['q3-sales-report', 'a "quoted" name', 'C:\\notes: 1', '-minus'])('%s is asked for as it is', (name) => {
  const [term] = parseHuntQueryOf(readsOf({ kind: 'document', name }))
  expect(term).toEqual({ kind: 'field', field: 'document', value: name, isExcluded: false })
  expect(parseHuntQueryOf(changesOf({ kind: 'tool', name }))[0]).toMatchObject({ value: `*${name}*` })
  expect(parseHuntQueryOf(fromOf(name))).toEqual([{ kind: 'field', field: 'server', value: name, isExcluded: false }])
})

function parseHuntQueryOf(text: string) {
  const parsed = parseHuntQuery(text)
  return parsed.status === 'ok' ? parsed.query : []
}
