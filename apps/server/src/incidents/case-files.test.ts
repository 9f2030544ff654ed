import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CaseEvidence } from '@holdfast/detect'
import type { AgentId, ConversationId, Signal, UnixNano } from '@holdfast/model'
import { ProjectionStore } from '@holdfast/recorder'
import { afterAll, expect, test } from 'vitest'
import { CaseFiles } from './case-files.ts'
import type { Case } from './case-reader.ts'
import { IncidentRows } from './incident-rows.ts'

const folder = mkdtempSync(join(tmpdir(), 'holdfast-case-files-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const SESSION = 'session:role/refunds:run-7'
const AGENT = 'host:h/desk' as AgentId // of its form
const NONE = { count: 0, events: [], entries: [], tier: 'self-reported' } as const

const deed: Signal = {
  id: 'provenance.e1',
  detector: 'provenance/tool',
  source: 'provenance',
  speaksFor: 'reasoning-compromise',
  strength: 0.9,
  surface: 'S2',
  agent: AGENT,
  events: [],
  entries: [1],
  claimedAt: 1n as UnixNano, // in range
  tier: 'boundary',
  words: 'a deed',
}

function evidence(
  name: string,
  { signals = [], calls = 0 }: { signals?: readonly Signal[]; calls?: number },
): CaseEvidence {
  return {
    conversations: [name as ConversationId], // no parser would change it
    agents: [AGENT],
    signals,
    doubts: [],
    sight: {
      calls: NONE,
      texts: NONE,
      notCaptured: 0,
      unread: 0,
      kernel: NONE,
      authority: { ...NONE, count: calls, tier: 'provider' },
    },
    recalls: [],
    joins: [SESSION],
  }
}

test.each([
  ['before', ['recorded', 'agent']],
  ['after', ['agent', 'recorded']],
])('what an authority recorded of a session, all in order, is of the incident that comes %s', (_when, order) => {
  using store = ProjectionStore.open({ folder, name: `files-${order.join('-')}`, version: 1 })
  const rows = new IncidentRows(store)
  const files = new CaseFiles(store, rows, () => 0)
  for (const name of order) {
    const one: Case = { conversation: name, found: [{ doc: { id: name }, traces: [`trace-${name}`] }] as never } // read by id and traces
    files.file(one, name === 'agent' ? evidence(name, { signals: [deed] }) : evidence(name, { calls: 7 }))
  }
  const listed = rows.ofAll().groups.map(({ first }) => first)
  expect(listed.map(({ conversations }) => conversations)).toEqual([['agent', 'recorded']])
})

test('a conversation without a signal is kept for nobody', () => {
  using store = ProjectionStore.open({ folder, name: 'quiet', version: 1 })
  const files = new CaseFiles(store, new IncidentRows(store), () => 0)
  const found = [{ doc: { id: 'quiet' }, traces: ['trace-quiet'] }] as never // as above
  expect(files.file({ conversation: 'quiet', found }, evidence('quiet', {}))).toMatchObject({
    isChanged: false,
    named: [],
  })
  expect(store.scan({ prefix: '', limit: 10 })).toEqual([])
})

test('a case is filed in one commit: killed at any moment, a row is in the list or is not there at all', () => {
  using store = ProjectionStore.open({ folder, name: 'one-commit', version: 1 })
  const commits: number[] = []
  // Counts what is committed, and does it.
  const counting = new Proxy(store, {
    get: (target, name) => {
      const own: unknown = Reflect.get(target, name, target)
      if (name === 'apply') commits.push(1)
      return typeof own === 'function' ? own.bind(target) : own
    },
  })
  const rows = new IncidentRows(counting)
  const files = new CaseFiles(counting, rows, () => 0)
  for (const [at, name] of ['first', 'second'].entries()) {
    const found = [{ doc: { id: name }, traces: [`trace-${name}`] }] as never // as above
    expect(files.file({ conversation: name, found }, evidence(name, { signals: [deed] })).isChanged).toBe(true)
    expect(commits).toHaveLength(at + 1)
  }
  expect(rows.ofAll().groups).toHaveLength(1)
  expect(rows.ofAgent(AGENT)[0]?.first.conversations).toEqual(['first', 'second'])
})
