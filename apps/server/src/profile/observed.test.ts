import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { LogEntry } from '@holdfast/model'
import type { Observation } from '@holdfast/observe'
import { ProjectionStore, type LogReader } from '@holdfast/recorder'
import { afterAll, expect, test } from 'vitest'
import type { FoldInput } from '../views/fold-input.ts'
import { foldProfiles } from './fold-profile.ts'
import { ProfileQueries } from './profile-queries.ts'

const folder = mkdtempSync(join(tmpdir(), 'holdfast-observed-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** One call of a tool by an agent, an hour after the epoch. */
function callOf(agent: string, index: number): FoldInput {
  const shared = { claimedAt: 3_600_000_000_000n, entry: index, event: `e${index}`, execution: 't' }
  const observations = [{ ...shared, kind: 'seen', dimension: 'tool', key: 'a' }] as unknown as readonly Observation[] // the time is in range
  const entry = { index, recordedAt: 0n, envelope: { agent, agentName: agent, clock: 'imported' } }
  return {
    entry: entry as LogEntry,
    events: [],
    unmapped: [],
    sightings: [],
    observations,
    observed: [],
    titleOf: () => undefined,
  }
}

test('agents are under observation, and people of whom only audit logs tell are not', () => {
  using store = ProjectionStore.open({ folder, name: 'profile', version: 1 })
  const inputs = ['host:-/desk', 'aws:1/user/kim'].map(callOf)
  store.apply({ cursor: inputs.length, ...foldProfiles(store, inputs) })
  const reader = undefined as unknown as LogReader // no question here reads the log
  const queries = new ProfileQueries({
    reader,
    store,
    about: () => undefined,
    isPrincipal: (agent) => agent.startsWith('aws:'),
    isEnforced: () => false,
  })
  const answer = queries.answer('listObserved', { now: '2026-01-01T00:00:00Z' })
  expect(answer).toMatchObject({ agents: 1, items: [{ agent: 'host:-/desk', status: 'observing' }] })
})
