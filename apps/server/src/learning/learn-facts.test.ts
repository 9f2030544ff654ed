import type { IncidentWire } from '@holdfast/api'
import type { ControlRecord, UnixNano } from '@holdfast/model'
import type { CaseState } from '@holdfast/respond'
import { expect, test } from 'vitest'
import { learnFacts } from './learn-facts.ts'

const about = { kind: 'learning', learning: 'l-1', incident: 'inc-1', by: 'anna', reason: 'as it was' } as const
const verdict = (status: string) => JSON.stringify({ verdict: { status, why: '' }, figures: {}, steps: [] })
/** It went by the name that it was replayed under before its conversation had the name that it has now. */
const named = { id: 'inc-2', alsoKnownAs: [], earlierIds: ['inc-1'] }
const incident = { ...named, history: [] } as unknown as IncidentWire // all of it that these facts read

type Given = { readonly escape?: 'denied' | 'passed'; readonly cut?: 'confirmed' | 'released' }

async function outcome(status: string, { escape, cut }: Given = {}): Promise<unknown> {
  const records: readonly ControlRecord[] = [
    { ...about, do: 'proposed', change: { refinements: [] } },
    { ...about, do: 'refused', figures: verdict(status) },
  ]
  const entries = records.map((record, index) => ({ record, index, recordedAt: 1n as UnixNano })) // any time
  const facts = new Map(escape === undefined ? [] : [['escape-replay', { value: escape, proof: { entries: [] } }]])
  const actions = new Map(cut === undefined ? [] : [['cut', { family: 'isolate', state: cut }]])
  const state = { facts, actions } as unknown as CaseState // as above
  const found = await learnFacts({ controls: () => entries as never })({ incident, state })
  return found.find(({ fact }) => fact === 'replay-outcome')?.value
}

test('what is caught with its first step is blocked by a cut that stands, or where its escape was denied', async () => {
  expect(await outcome('first-step')).toBe('not-earlier')
  expect(await outcome('first-step', { cut: 'released' })).toBe('not-earlier')
  expect(await outcome('first-step', { cut: 'confirmed' })).toBe('blocked')
  expect(await outcome('first-step', { escape: 'passed' })).toBe('not-earlier')
  expect(await outcome('first-step', { escape: 'denied' })).toBe('blocked')
})

test('what could have been caught earlier, and is not, is blocked by nothing', async () => {
  expect(await outcome('refused', { cut: 'confirmed', escape: 'denied' })).toBe('not-earlier')
  expect(await outcome('accepted')).toBe('earlier')
})
