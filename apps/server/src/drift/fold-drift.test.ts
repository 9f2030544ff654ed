import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { importHistory } from '@holdfast/capture'
import { finished } from '@holdfast/detect'
import type { DriftChange, LogEntry } from '@holdfast/model'
import { ProjectionStore } from '@holdfast/recorder'
import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { foldable } from '../views/foldable.ts'
import type { FoldInput } from '../views/fold-input.ts'
import { agentDrift } from './agent-drift.ts'
import { DriftReader } from './drift-reader.ts'
import { foldDrift } from './fold-drift.ts'

const folder = mkdtempSync(join(tmpdir(), 'holdfast-drift-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const AGENT = 'k8s:c/n/desk'
const DAY_MS = 86_400_000
const START = Date.UTC(2026, 8, 1)
const QUIET = 16

/** Sixteen quiet days, then a recorded tool beside a host that nobody recorded. */
const lines = [
  ...Array.from({ length: QUIET * 2 }, (_, i) =>
    work(START + i * (DAY_MS / 2), i, ['ticket.read', 'ticket.reply'], []),
  ),
  JSON.stringify({
    holdfastChange: {
      agent: AGENT,
      at: new Date(START + QUIET * DAY_MS).toISOString(),
      change: 'tool-catalogue',
      subject: 'tools',
      to: 'order.status',
      changeId: 'REL-3',
      approver: 'k.osei',
    },
  }),
  work(START + QUIET * DAY_MS + 3_600_000, 90, ['ticket.read', 'order.status', 'ticket.reply'], []),
  work(START + QUIET * DAY_MS + 7_200_000, 91, ['ticket.read', 'ticket.reply'], ['drop.example.net']),
]

test('executions that come in any order and in any batches give the same verdicts, a late record among them', () => {
  const inputs = entriesOf(lines).map(foldable)
  const expected = verdicts([inputs])
  expect(expected.map(({ side, what, change }) => [side, what, change?.changeId])).toEqual([
    ['risky', 'reached drop.example.net:443 for the first time', undefined],
    ['evolution', 'called the tool order.status for the first time', 'REL-3'],
  ])
  fc.assert(
    fc.property(
      fc.shuffledSubarray([...inputs], { minLength: inputs.length }),
      fc.integer({ min: 1, max: 40 }),
      (all, size) => {
        const batches = Array.from({ length: Math.ceil(all.length / size) }, (_, i) =>
          all.slice(i * size, (i + 1) * size),
        )
        expect(verdicts(batches)).toEqual(expected)
      },
    ),
    { numRuns: 8 },
  )
})

test('an execution counts for the day of its first act, also where that is told last', () => {
  const midnight = START + DAY_MS
  const [late, early] = [midnight + 3_600_000, midnight - 3_600_000].map((at) => work(at, 7, ['ticket.read'], []))
  for (const told of [
    [late, early],
    [early, late],
  ]) {
    using store = ProjectionStore.open({ folder, name: `drift-${(stores += 1)}`, version: 1 })
    for (const line of told) {
      const inputs = entriesOf([line ?? '']).map(foldable)
      store.apply({ cursor: store.cursor + inputs.length, ...foldDrift(store, inputs) })
    }
    const reader = new DriftReader(store, AGENT)
    const days = finished(
      reader.days({ from: 0, to: Infinity, until: undefined, names: 0, shownAs: (_dimension, key) => key }),
    )
    expect(days.map(({ day, executions }) => [day * DAY_MS - START, executions])).toEqual([
      [0, 1],
      [DAY_MS, 0],
    ])
  }
})

let stores = 0

function verdicts(batches: readonly (readonly FoldInput[])[]): readonly DriftChange[] {
  using store = ProjectionStore.open({ folder, name: `drift-${(stores += 1)}`, version: 1 })
  using profile = ProjectionStore.open({ folder, name: `profile-${stores}`, version: 1 })
  for (const batch of batches) store.apply({ cursor: store.cursor + batch.length, ...foldDrift(store, batch) })
  const asOf = BigInt(START + (QUIET + 1) * DAY_MS) * 1_000_000n
  return (
    finished(agentDrift(new DriftReader(store, AGENT), { profile, about: undefined, until: undefined, asOf }))?.drift
      .changes ?? []
  )
}

function entriesOf(text: readonly string[]): readonly LogEntry[] {
  const { groups, rejected } = importHistory({
    file: 'desk.jsonl',
    bytes: new TextEncoder().encode(text.join('\n')),
    clock: 'simulated',
    firstLine: 1,
  })
  expect(rejected).toEqual([])
  let index = 0
  return groups.flatMap(({ envelope, bytes, starts, ends }) =>
    [...starts].map((start, i) => ({
      index: index++,
      recordedAt: 0n as LogEntry['recordedAt'], // in range
      envelope,
      bodyDigest: '0'.repeat(64) as LogEntry['bodyDigest'], // 64 hex digits
      body: bytes.subarray(start, ends[i]),
      masks: [],
    })),
  )
}

/** One execution as an OTLP request. */
function work(at: number, number: number, tools: readonly string[], hosts: readonly string[]): string {
  const span = (i: number, name: string, attributes: Readonly<Record<string, string>>) => ({
    traceId: number.toString(16).padStart(32, 'a'),
    spanId: (number * 16 + i + 1).toString(16).padStart(16, '0'),
    name,
    // SPAN_KIND_CLIENT for a request that leaves, SPAN_KIND_INTERNAL for what the agent does itself.
    kind: attributes['server.address'] === undefined ? 1 : 3,
    startTimeUnixNano: `${BigInt(at + i * 1_000) * 1_000_000n}`,
    endTimeUnixNano: `${BigInt(at + i * 1_000 + 100) * 1_000_000n}`,
    attributes: Object.entries(attributes).map(([key, value]) => ({ key, value: { stringValue: value } })),
  })
  const spans = [
    ...tools.map((tool, i) =>
      span(i, `execute_tool ${tool}`, { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': tool }),
    ),
    ...['helpdesk.example.test', ...hosts].map((host, i) =>
      span(8 + i, 'GET', { 'http.request.method': 'GET', 'server.address': host, 'url.full': `https://${host}:443/` }),
    ),
  ]
  const resource = Object.entries({
    'service.name': 'desk',
    'k8s.cluster.name': 'c',
    'k8s.namespace.name': 'n',
    'k8s.deployment.name': 'desk',
  }).map(([key, value]) => ({ key, value: { stringValue: value } }))
  return JSON.stringify({ resourceSpans: [{ resource: { attributes: resource }, scopeSpans: [{ scope: {}, spans }] }] })
}
