import type { AgentId, ControlRecord, UnixNano } from '@holdfast/model'
import { parseRfc3339 } from '@holdfast/model'
import type { CaseState } from '@holdfast/respond'
import { expect, test } from 'vitest'
import type { ProgramDeed } from '../case/cases.ts'
import { ViewError } from '../views/client.ts'
import { Recovery } from './recovery.ts'

const DESK = 'desk' as AgentId // any name
const STAGING = 'desk-staging'
const NOW = timeAt('2026-11-09T00:00:00Z')
const why = { reason: 'a test' }

test('FC10 nothing is rebuilt from staging that an open case is about, marked or not', async () => {
  const { recovery, records } = world({ 'inc-1': caseOf([]) }, [STAGING])
  await expect(recovery.rebuild(DESK, { staging: STAGING, ...why }, 'ana')).rejects.toThrow('is contaminated itself')
  expect(records.map(({ kind }) => kind)).toEqual(['operator-action'])
  const other = world({ 'inc-1': caseOf([]) }, ['other'])
  expect(await other.recovery.rebuild(DESK, { staging: STAGING, ...why }, 'ana')).toMatchObject({ mode: 'monitoring' })
})

test('each case that can take it knows that an agent came back, and one that cannot is told', async () => {
  const marked = caseOf([{ profile: DESK, since: timeAt('2026-11-03T00:00:00Z') }])
  const { recovery, deeds, told } = world({ 'inc-full': marked, 'inc-1': marked }, [])
  await expect(recovery.rebuild(DESK, { staging: STAGING, ...why }, 'ana')).rejects.toThrow('at most')
  expect(deeds).toEqual([
    ['inc-1', 'restored'],
    ['inc-1', 'contaminated'],
  ])
  expect(told).toHaveLength(1)
})

/** Two agents that were observed for a week; incidents of cases are of the agents that are named. */
function world(cases: Readonly<Record<string, CaseState>>, agents: readonly string[]) {
  const records: ControlRecord[] = []
  const deeds: (readonly [string, ProgramDeed['kind']])[] = []
  const told: unknown[] = []
  // What of these answers is read here.
  const baseline = { asOf: '2026-11-08T00:00:00Z', firstDay: '2026-11-01', clocks: ['live'], marks: [] }
  const incident = { agents: [...agents], firstClaimed: '2026-11-03T00:00:00Z', chain: { links: [] } }
  const answers: Readonly<Record<string, unknown>> = {
    getBaseline: baseline,
    getParity: { passed: true },
    getIncident: incident,
  }
  const recovery = new Recovery({
    recorder: {
      appendControl: async (record) => {
        records.push(record)
        return { from: records.length, to: records.length + 1 } as never // nothing of a receipt is read here
      },
    },
    reader: {
      size: () => 0,
      *eachControl() {},
      entry: () => undefined,
    },
    views: {
      ask: async (question) => {
        if (answers[question] === undefined) throw new ViewError(404, 'there is none')
        return JSON.stringify(answers[question])
      },
    },
    cases: {
      all: () => new Map(Object.entries(cases)),
      record: async (name, { kind }) => {
        if (name === 'inc-full') throw new Error('a case has at most so many steps')
        deeds.push([name, kind])
      },
    },
    clock: () => NOW,
    onError: (error) => told.push(error),
  })
  return { recovery, records, deeds, told }
}

function caseOf(contaminations: CaseState['contaminations']): CaseState {
  const none = { facts: new Map(), cells: new Map(), actions: new Map() }
  return { ...none, incident: 'inc', graphAt: NOW, types: [], seals: [], restored: [], contaminations }
}

function timeAt(text: string): UnixNano {
  return parseRfc3339(text) ?? expect.fail('a time')
}
