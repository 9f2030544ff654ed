import type { AgentId, Channel, UnixNano } from '@holdfast/model'
import { expect, test } from 'vitest'
import { agentFigures, skewedAgents } from './agent-figures.ts'

const NOW = 1_800_000_000_000_000_000n as UnixNano
const DAY_NS = 24n * 3_600n * 1_000_000_000n

/** As the log sums up an agent that said `entries` things, the first and the last of them at these times by its clock. */
function summary(
  name: string,
  entries: number,
  { channels = ['otlp'], from = NOW, to = NOW }: { channels?: Channel[]; from?: bigint; to?: bigint } = {},
) {
  return {
    agent: `host/${name}` as AgentId,
    agentName: name,
    entries,
    firstRecordedAt: NOW,
    lastRecordedAt: NOW,
    claimedFrom: from as UnixNano,
    claimedTo: to as UnixNano,
    channels,
  }
}

test('our own control records are no entry that somebody sent, and no stream', () => {
  const reader = {
    agents: () => [summary('a', 3), summary('holdfast', 40, { channels: ['control'] }), summary('b', 4)],
  }
  const { stored, streams } = agentFigures(reader, () => undefined)
  expect(stored).toBe(7)
  expect(streams.map(({ name, entries, mappedShare, captured }) => [name, entries, mappedShare, captured])).toEqual([
    ['a', 3, 0, 0],
    ['b', 4, 0, 0],
  ])
})

test('a stream says which share of its entries is mapped and of its contents captured', () => {
  const coverage = {
    entries: 8,
    mapped: 6,
    dialects: [],
    unmappedKeys: [],
    unmappedKeysTotal: 0,
    contents: { captured: 1, redacted: 2, truncated: 1, suppressed: 0, 'not-captured': 8 },
  }
  const { streams } = agentFigures({ agents: () => [summary('a', 8)] }, () => coverage)
  expect(streams).toMatchObject([{ mappedShare: 0.75, captured: 0.25 }])
})

test('clocks more than a day ahead or thirty behind are told, of agents that state times themselves', () => {
  const agents = [
    summary('right', 1, { from: NOW - 30n * DAY_NS, to: NOW + DAY_NS }),
    summary('ahead', 1, { to: NOW + DAY_NS + 1n }),
    summary('behind', 1, { from: NOW - 30n * DAY_NS - 1n }),
    summary('kernel', 1, { channels: ['sensor'], to: NOW + 9n * DAY_NS }),
    summary('imported', 1, { channels: ['import', 'otlp'], from: NOW - 90n * DAY_NS }),
  ]
  expect(skewedAgents({ agents: () => agents }, NOW)).toEqual({ count: 2, first: ['host/ahead', 'host/behind'] })
  const many = Array.from({ length: 9 }, (_, at) => summary(`a${at}`, 1, { to: NOW + 9n * DAY_NS }))
  expect(skewedAgents({ agents: () => many }, NOW)).toEqual({ count: 9, first: ['host/a0', 'host/a1', 'host/a2'] })
})
