import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AgentId, ControlRecordOf, EventSummary } from '@holdfast/model'
import { ProjectionStore } from '@holdfast/recorder'
import { afterAll, expect, test } from 'vitest'
import { noteReport, reportOfId, reportSignals } from './reports.ts'

const folder = mkdtempSync(join(tmpdir(), 'holdfast-reports-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const AGENT = 'host:h/desk' as AgentId // of its form
type Report = ControlRecordOf<'incident-report'>

/** Folds reports of one conversation, one entry each. */
function folded(store: ProjectionStore, reports: readonly Pick<Report, 'reportId' | 'do'>[]): void {
  for (const [entry, report] of reports.entries()) {
    const about = { agent: AGENT, conversation: 'c', type: 'reasoning-compromise', reason: 'odd', by: 'eve' } as const
    const record: Report = { kind: 'incident-report', ...about, ...report }
    const puts = new Map<string, Uint8Array>()
    const event = { id: `e${entry}`, entry, recordedAt: BigInt(entry), body: { kind: 'control', record } }
    noteReport({ puts, reader: store }, event as unknown as EventSummary) // all that is read of one
    store.apply({ cursor: entry + 1, puts })
  }
}

const reported = (count: number) =>
  Array.from({ length: count }, (_, i) => ({ reportId: `r${i}`, do: 'reported' }) as const)
const withdrawn = (...numbers: readonly number[]) =>
  numbers.map((i) => ({ reportId: `r${i}`, do: 'withdrawn' }) as const)

test('a report that is taken back after a hundred others counts no longer', () => {
  using store = ProjectionStore.open({ folder, name: 'many', version: 1 })
  const entriesOf = () => reportSignals(store, ['c']).flatMap(({ entries }) => entries)
  folded(store, reported(120))
  expect(entriesOf()).toContain(5)
  folded(store, [...reported(120), ...withdrawn(5)])
  expect(entriesOf()).not.toContain(5)
})

test('of a conversation whose first hundred reports were taken back, the next ones count', () => {
  using store = ProjectionStore.open({ folder, name: 'next', version: 1 })
  folded(store, [...reported(103), ...withdrawn(...Array.from({ length: 100 }, (_, i) => i))])
  expect(new Set(reportSignals(store, ['c']).flatMap(({ entries }) => entries))).toEqual(new Set([100, 101, 102]))
})

test('a report is found by its id, wherever it stands', () => {
  using store = ProjectionStore.open({ folder, name: 'by-id', version: 1 })
  folded(store, reported(130))
  expect(reportOfId(store, 'r129')).toEqual({ conversation: 'c', agent: AGENT, type: 'reasoning-compromise' })
  expect(reportOfId(store, 'r130')).toBeUndefined()
})
