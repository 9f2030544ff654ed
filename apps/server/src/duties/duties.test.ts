import { type ContainmentState, type ControlRecord, formatRfc3339, parseRfc3339, type UnixNano } from '@holdfast/model'
import type { Notice } from '@holdfast/respond'
import { expect, test } from 'vitest'
import { RecordedControls } from '../testing/recorded-controls.ts'
import { ViewError } from '../views/client.ts'
import { Duties, type DutySources } from './duties.ts'
import { loadRegimes } from './load-regimes.ts'

const AGENT = 'host:h/desk'
const START = time('2026-11-21T01:00:00Z')

function time(text: string): UnixNano {
  const at = parseRfc3339(text)
  if (at === undefined) throw new Error(text)
  return at
}

function held(state: ContainmentState, at: UnixNano): readonly [UnixNano, ControlRecord] {
  const plan = {
    target: AGENT,
    agent: AGENT,
    agentName: 'desk',
    sensor: 's',
    paths: [],
    rung: 'soft-quarantine',
    reason: '',
    ttlMs: 0,
    allow: [],
    evidence: { logSize: 1, rootHash: '', completeness: 1 },
  } as const
  return [at, { kind: 'containment', containment: 'c-1', state, by: 'ann', planHash: '', plan, detail: '', checks: [] }]
}

const bank: readonly [UnixNano, ControlRecord] = [
  START,
  {
    kind: 'agent-statement',
    agent: AGENT as never,
    field: 'data-classes',
    value: 'bank, personal-data',
    reason: '',
    by: 'ann',
  }, // an id as the inventory writes it
]

/** What an incident is beside its id; at the beginning of the log and known by no other name unless told. */
type About = { readonly alsoKnownAs?: readonly string[]; readonly position?: number }

function dutiesOver(
  records: readonly (readonly [UnixNano, ControlRecord])[],
  now: UnixNano,
  about: Readonly<Record<string, About>> = {},
) {
  const log = new RecordedControls()
  for (const [recordedAt, record] of records) log.add(record, recordedAt)
  return dutiesOn(log, now, about)
}

function dutiesOn(log: RecordedControls, now: UnixNano, about: Readonly<Record<string, About>> = {}) {
  const told: Notice[] = []
  const duties = new Duties({
    recorder: {
      appendControl: async (record) => {
        return { from: log.add(record, now), to: log.size() } as never // no other member is read
      },
    },
    reader: log,
    views: {
      ask: async (_question, { incident }: { readonly incident: string }) => {
        if (incident === 'gone') throw new ViewError(404, 'not found')
        const { alsoKnownAs = [], position = 0 } = about[incident] ?? {}
        return JSON.stringify({ id: incident, alsoKnownAs, agents: [AGENT], history: [{ position }] })
      },
    } as DutySources['views'], // incidents are all that is asked for
    regimes: loadRegimes(),
    notices: {
      tell: async (notice) => void told.push(notice),
      get: (id) => told.find((notice) => notice.id === id) as never, // whether there is one is all that is read
    },
    clock: () => now,
    onError: (error) => {
      throw error
    },
  })
  return { duties, told, log }
}

test('nothing is on by itself, and a decision holds after a restart', async () => {
  const { duties, log } = dutiesOver([bank], time('2026-11-21T02:00:00Z'))
  expect(duties.list().regimes.filter(({ enabled }) => enabled)).toEqual([])
  expect((await duties.show('inc-1')).clocks).toEqual([])
  await duties.decide({ regime: 'us-bank-36h', decision: 'enabled', reason: 'we are one' }, 'ann')
  const again = dutiesOn(log, time('2026-11-21T02:00:00Z'))
  const [on] = again.duties.list().regimes.filter(({ enabled }) => enabled)
  expect(on).toMatchObject({ id: 'us-bank-36h', decided: { by: 'ann', reason: 'we are one', entry: 1 } })
  await expect(duties.decide({ regime: 'nosuch', decision: 'enabled', reason: 'x' }, 'ann')).rejects.toThrow(
    'no regime',
  )
})

test('REG-5 a quarantine of four hours starts the clock that the plan announced, one of three does not', async () => {
  const opened = [START, { kind: 'case-step', incident: 'inc-1', deed: { kind: 'opened' } }] as const
  const after = (hours: number) => time(formatRfc3339((START + BigInt(hours) * 3_600_000_000_000n) as UnixNano)) // a time
  for (const [hours, statuses] of [
    [3, ['waiting', 'waiting']],
    [4, ['at-once', 'waiting']],
  ] as const) {
    const { duties, told } = dutiesOver([bank, opened, held('confirmed', START)], after(hours))
    await duties.decide({ regime: 'us-bank-36h', decision: 'enabled', reason: 'x' }, 'ann')
    expect(
      duties.ofHold({ id: 'inc-1', alsoKnownAs: [], agents: [AGENT] }, { rung: 'soft-quarantine', ttlMs: 14_400_000 }),
    ).toEqual(['us-bank-36h'])
    expect((await duties.show('inc-1')).clocks.map(({ status }) => status)).toEqual(statuses)
    expect(told.map(({ kind }) => kind)).toEqual(hours === 4 ? ['duty-started'] : [])
  }
  // What got through, could not be released or is held in part still holds.
  const failed = dutiesOver([bank, opened, held('applied', START), held('failed', after(1))], after(4))
  await failed.duties.decide({ regime: 'us-bank-36h', decision: 'enabled', reason: 'x' }, 'ann')
  expect((await failed.duties.show('inc-1')).clocks.map(({ status }) => status)).toEqual(['at-once', 'waiting'])
  // What was never applied disrupts nothing.
  const never = dutiesOver([bank, opened, held('failed', START)], after(9))
  await never.duties.decide({ regime: 'us-bank-36h', decision: 'enabled', reason: 'x' }, 'ann')
  expect((await never.duties.show('inc-1')).clocks.map(({ status }) => status)).toEqual(['waiting', 'waiting'])
  // Released before: the hold's real length counts.
  const released = dutiesOver([bank, opened, held('confirmed', START), held('released', after(2))], after(9))
  await released.duties.decide({ regime: 'us-bank-36h', decision: 'enabled', reason: 'x' }, 'ann')
  expect((await released.duties.show('inc-1')).clocks.every(({ status }) => status === 'waiting')).toBe(true)
})

test('a stated moment starts clocks and tells compliance, a notification stops one, and neither lies ahead', async () => {
  const { duties, told } = dutiesOver([bank], time('2026-11-21T02:00:00Z'))
  await duties.decide({ regime: 'gdpr-33', decision: 'enabled', reason: 'x' }, 'ann')
  const aware = { do: 'moment', start: 'awareness', at: '2026-11-21T01:30:00Z', reason: 'paged' } as const
  const { clocks } = await duties.state('inc-1', aware, 'ann')
  expect(clocks).toMatchObject([{ regime: 'gdpr-33', status: 'running', dueAt: '2026-11-24T01:30:00Z' }])
  expect(told).toMatchObject([{ kind: 'duty-started', for: ['compliance'], incident: 'inc-1' }])
  const sent = { do: 'notified', regime: 'gdpr-33', stage: 'authority', reason: 'sent' } as const
  expect((await duties.state('inc-1', sent, 'ann')).clocks).toMatchObject([{ status: 'done', isLate: false }])
  await expect(duties.state('inc-1', { ...aware, at: '2026-11-22T00:00:00Z' }, 'ann')).rejects.toThrow('still to come')
  await expect(duties.state('inc-1', { ...aware, start: 'disruption' }, 'ann')).rejects.toThrow(
    'Holdfast states disruption',
  )
  await expect(duties.state('inc-1', { ...sent, stage: 'nosuch' }, 'ann')).rejects.toThrow('no stage')
})

test('an incident that is found no more does not silence the notices of the others', async () => {
  const open = (incident: string) => [START, { kind: 'case-step', incident, deed: { kind: 'opened' } }] as const
  const { duties, told } = dutiesOver(
    [bank, open('gone'), open('inc-1'), held('confirmed', START)],
    time('2026-11-21T05:00:00Z'),
  )
  await duties.decide({ regime: 'us-bank-36h', decision: 'enabled', reason: 'x' }, 'ann')
  expect(told).toMatchObject([{ kind: 'duty-started', incident: 'inc-1' }])
})

test('REG-5 a hold by another system counts from its answer until it is taken back', async () => {
  const hour = (hours: number) => time(formatRfc3339((START + BigInt(hours) * 3_600_000_000_000n) as UnixNano)) // a time
  const plan = (at: UnixNano, deed: Readonly<Record<string, unknown>>) =>
    [at, { kind: 'response-plan', plan: 'p', incident: 'inc-1', deed }] as const
  const steps = [{ id: 's', provider: 'kubernetes', agent: AGENT, deed: { kind: 'rung', rung: 'pause' } }]
  const made = plan(START, { do: 'made', plan: { steps } })
  const step = (at: UnixNano, kind: string, status: string) =>
    plan(at, { do: 'step', step: { kind, step: 's', outcome: { status, detail: '' } } })
  for (const [records, status] of [
    [[step(START, 'answered', 'done')], 'at-once'],
    [[step(START, 'answered', 'failed')], 'waiting'],
    [[step(START, 'answered', 'done'), step(hour(1), 'reverted', 'failed')], 'at-once'],
    [[step(START, 'answered', 'done'), step(hour(1), 'reverted', 'done')], 'waiting'],
  ] as const) {
    const { duties } = dutiesOver([bank, made, ...records], hour(5))
    await duties.decide({ regime: 'us-bank-36h', decision: 'enabled', reason: 'x' }, 'ann')
    expect((await duties.show('inc-1')).clocks[0]?.status).toBe(status)
  }
})

test('REG-5 a hold that had ended before an incident was there starts none of its clocks', async () => {
  const after = (hours: number) => time(formatRfc3339((START + BigInt(hours) * 3_600_000_000_000n) as UnixNano)) // a time
  const records = [bank, held('confirmed', START), held('released', after(9))] as const
  const { duties } = dutiesOver(records, after(20), { later: { position: records.length } })
  await duties.decide({ regime: 'us-bank-36h', decision: 'enabled', reason: 'x' }, 'ann')
  expect((await duties.show('inc-1')).clocks[0]?.status).toBe('at-once')
  expect((await duties.show('later')).clocks.map(({ status }) => status)).toEqual(['waiting', 'waiting'])
  const standing = dutiesOver(records.slice(0, 2), after(20), { later: { position: 2 } })
  await standing.duties.decide({ regime: 'us-bank-36h', decision: 'enabled', reason: 'x' }, 'ann')
  expect((await standing.duties.show('later')).clocks[0]?.status).toBe('at-once')
})

test('what was told of an incident is not told again by the name that it has since something joined it', async () => {
  const { duties, told } = dutiesOver([bank], time('2026-11-21T02:00:00Z'), { joined: { alsoKnownAs: ['inc-1'] } })
  await duties.decide({ regime: 'gdpr-33', decision: 'enabled', reason: 'x' }, 'ann')
  const aware = { do: 'moment', start: 'awareness', at: '2026-11-21T01:30:00Z', reason: 'paged' } as const
  await duties.state('inc-1', aware, 'ann')
  await duties.state('joined', { ...aware, reason: 'again' }, 'ann')
  expect(told.map(({ id }) => id)).toEqual([expect.stringContaining('duty:inc-1:gdpr-33:authority:')])
})
