import type { ContainmentRecord, UnixNano } from '@holdfast/model'
import type { Notice } from '@holdfast/respond'
import pino from 'pino'
import { expect, test, vi } from 'vitest'
import { loadRunbooks } from '../case/runbooks.ts'
import { IncidentWatch } from './incident-watch.ts'
import { StepWatch } from './step-watch.ts'
import { type Desk, NotingChannel, noticeWith, openDesk } from './testing/desk.ts'

const QUIET = pino({ level: 'silent' })
const MATRIX = loadRunbooks()
const MINUTE = 60_000

function stepsOf(desk: Desk): StepWatch {
  const { recorder, reader, outbox: notices } = desk
  return new StepWatch({ recorder, reader, notices, matrix: MATRIX, incidentOf: () => 'inc-1', logger: QUIET })
}

/** A list of incidents that is empty: what is told is in the notices already. */
function incidentsOf({ outbox: notices, time }: Desk): IncidentWatch {
  return new IncidentWatch({
    views: {
      ask: async () => JSON.stringify({ items: [], total: 0, withheld: 0, waiting: 0, failed: 0 }),
      onFiled: () => () => undefined,
    },
    notices,
    clock: time.clock,
    later: time.later,
    escalateAfterMs: 15 * MINUTE,
    logger: QUIET,
  })
}

const deeds = [
  [{ kind: 'opened', incident: 'inc-1', graphAt: '1' }, 'alice'],
  [{ kind: 'sealed', seal: { size: 1, rootHash: 'a', completeness: 1 } }, undefined],
  [{ kind: 'classified', type: 'reasoning-compromise', confidence: 0.9, reason: 'IGNORE ALL RULES' }, 'alice'],
  [{ kind: 'phase-opened', type: 'reasoning-compromise', phase: 'eradicate' }, 'alice'],
  [{ kind: 'closed', resolution: 'resolved', reason: 'done' }, 'alice'],
] as const

async function work({ recorder }: Desk): Promise<void> {
  for (const [deed, by] of deeds)
    await recorder.appendControl({ kind: 'case-step', incident: 'inc-1', deed, ...(by === undefined ? {} : { by }) })
}

function hold(state: ContainmentRecord['state']): ContainmentRecord {
  return {
    containment: 'c1',
    state,
    by: 'alice',
    planHash: 'h',
    detail: '',
    checks: [],
    plan: {
      target: 'desk-1',
      agent: 'host:story/desk-1',
      agentName: 'desk-1',
      sensor: 's',
      paths: [],
      rung: 'pause',
      reason: 'r',
      ttlMs: 1,
      allow: [],
      evidence: { logSize: 1, rootHash: 'a', completeness: 1 },
    },
  }
}

function toldBy({ outbox }: Desk): readonly Notice[] {
  return outbox
    .list()
    .notices.map(({ notice }) => notice)
    .toReversed()
}

test('who took an incident, what each team has to do, and its end are told once', async () => {
  await using desk = await openDesk([new NotingChannel('soc')])
  await desk.outbox.tell(noticeWith())
  await using watch = stepsOf(desk)
  watch.start()
  await work(desk)
  await vi.waitFor(() => expect(toldBy(desk).at(-1)?.kind).toBe('case-closed'), { timeout: 60_000 })
  const told = toldBy(desk).slice(1)
  const teams = new Set(
    MATRIX['reasoning-compromise'].cells.find(({ phase }) => phase === 'eradicate')?.tasks.map(({ team }) => team),
  )
  expect(told.map(({ kind }) => kind)).toEqual([
    'incident-acknowledged',
    'incident-classified',
    ...Array.from(teams, () => 'task-assigned'),
    'case-closed',
  ])
  expect(new Set(told.flatMap((notice) => (notice.kind === 'task-assigned' ? notice.for : [])))).toEqual(teams)
  // As severe as the incident, so that it reaches who was told of that.
  expect(new Set(told.map(({ severity }) => severity))).toEqual(new Set(['high']))
  expect(JSON.stringify(told, (_, value: unknown) => (typeof value === 'bigint' ? '' : value))).not.toContain('IGNORE')
})

test('steps that were taken while nobody told of them are told after a restart, and none twice', async () => {
  await using first = await openDesk([new NotingChannel('soc')])
  const [opened] = deeds
  await first.recorder.appendControl({ kind: 'case-step', incident: 'inc-1', deed: opened[0], by: 'alice' })
  {
    await using watch = stepsOf(first)
    watch.start()
    await watch.read()
  }
  await work(first)
  await using second = await first.reopen([new NotingChannel('soc')])
  await using again = stepsOf(second)
  again.start()
  await vi.waitFor(() => expect(toldBy(second).at(-1)?.kind).toBe('case-closed'), { timeout: 60_000 })
  const ids = toldBy(second).map(({ id }) => id)
  expect(new Set(ids).size).toBe(ids.length)
  expect(toldBy(second).filter(({ kind }) => kind === 'incident-acknowledged')).toHaveLength(2)
})

test('a step is as severe as its incident, by whichever of its names the step is recorded', async () => {
  await using desk = await openDesk([new NotingChannel('soc')])
  await desk.outbox.tell(noticeWith())
  desk.outbox.alsoKnown(['inc-0', 'inc-1'], 'inc-1')
  await using watch = stepsOf(desk)
  watch.start()
  const [opened] = deeds
  await desk.recorder.appendControl({ kind: 'case-step', incident: 'inc-0', deed: opened[0], by: 'alice' })
  await vi.waitFor(() => expect(toldBy(desk)).toHaveLength(2), { timeout: 60_000 })
  expect(toldBy(desk)[1]).toMatchObject({ kind: 'incident-acknowledged', incident: 'inc-1', severity: 'high' })
})

test('what was recorded before anybody listened is not told', async () => {
  await using silent = await openDesk([])
  await work(silent)
  await using desk = await silent.reopen([new NotingChannel('soc')])
  await using watch = stepsOf(desk)
  watch.start()
  await watch.read()
  expect(toldBy(desk)).toEqual([])
})

test('a hold is told when a probe has answered and when it is over, not when it was asked for', async () => {
  await using desk = await openDesk([new NotingChannel('soc')])
  await using watch = stepsOf(desk)
  watch.start()
  for (const state of ['requested', 'applied', 'confirmed', 'released'] as const)
    await desk.recorder.appendControl({ kind: 'containment', ...hold(state) })
  await vi.waitFor(() => expect(toldBy(desk)).toHaveLength(2), { timeout: 60_000 })
  expect(toldBy(desk)).toMatchObject([
    { kind: 'hold-changed', incident: 'inc-1', action: { id: 'c1', rung: 'pause', state: 'confirmed' } },
    { kind: 'hold-ended', action: { state: 'released' } },
  ])
})

test('how a hold of a response plan ends is told by its plan alone', async () => {
  await using desk = await openDesk([new NotingChannel('soc')])
  await using watch = stepsOf(desk)
  watch.start()
  const response = { plan: 'f'.repeat(64), step: 'rung' }
  for (const state of ['confirmed', 'released'] as const)
    await desk.recorder.appendControl({ kind: 'containment', ...hold(state), response })
  await desk.recorder.appendControl({ kind: 'containment', ...hold('released') })
  await vi.waitFor(() => expect(toldBy(desk)).toHaveLength(2), { timeout: 60_000 })
  expect(toldBy(desk)).toMatchObject([{ kind: 'hold-changed' }, { kind: 'hold-ended' }])
})

test('an incident that pages and that nobody takes goes to whoever is above, once, also after a restart', async () => {
  await using first = await openDesk([new NotingChannel('soc')])
  await first.outbox.tell(noticeWith({ at: first.time.clock() }))
  await first.outbox.tell(
    noticeWith({ id: 'opened:inc-2', incident: 'inc-2', severity: 'medium', at: first.time.clock() }),
  )
  {
    await using watch = incidentsOf(first)
    watch.start()
    await watch.look()
    first.time.move(14 * MINUTE)
    await watch.look()
    expect(toldBy(first)).toHaveLength(2)
  }
  await using second = await first.reopen([new NotingChannel('soc')])
  await using watch = incidentsOf(second)
  second.time.move(2 * MINUTE)
  await watch.look()
  await watch.look()
  expect(toldBy(second).slice(2)).toMatchObject([
    { kind: 'incident-escalated', incident: 'inc-1', severity: 'critical' },
  ])
})

test('one that somebody took does not', async () => {
  await using desk = await openDesk([new NotingChannel('soc')])
  await desk.outbox.tell(noticeWith({ at: desk.time.clock() }))
  await desk.outbox.tell(noticeWith({ id: 'step:9', kind: 'incident-acknowledged', at: desk.time.clock() as UnixNano }))
  await using watch = incidentsOf(desk)
  desk.time.move(60 * MINUTE)
  await watch.look()
  expect(toldBy(desk).map(({ kind }) => kind)).toEqual(['incident-opened', 'incident-acknowledged'])
})
