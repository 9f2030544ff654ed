import { expect, test } from 'vitest'
import type { DriftDecision } from '@holdfast/model'
import type { Execution } from './execution.ts'
import { execution, judged, QUIET, quietDays, recorded, TICKET, type Deed } from './testing/days.ts'

const NEW_TOOL: readonly Deed[] = [...TICKET, ['tool', 'order.status']]
const toTool = { change: 'tool-catalogue', subject: 'desk-server', to: 'order.status', approver: 'k.osei' }

const said = (verdict: 'evolution' | 'risky'): DriftDecision => ({ verdict, by: 'kim', reason: '', at: '', entry: 1 })
const decidedOn = (...pairs: readonly (readonly [id: string | undefined, verdict: 'evolution' | 'risky'])[]) => ({
  decisions: new Map(pairs.map(([id, verdict]) => [id ?? '', said(verdict)])),
})
const changeOf = (follows: readonly Execution[], more: Parameters<typeof judged>[2] = {}) =>
  judged(follows, [], more).changes.map(({ what, side, decision }) => [what, side, decision?.verdict])

test('a verdict on an earlier change of the same key moves no other verdict to another change', () => {
  const back = QUIET + 54
  const follows = [
    ...quietDays(back).slice(QUIET).flat(),
    execution(QUIET, 9, NEW_TOOL),
    execution(QUIET + 1, 9, NEW_TOOL),
    execution(back, 9, NEW_TOOL),
  ]
  const changes = [recorded(QUIET + 1, 8.5, toTool)]
  const at = (more: Parameters<typeof judged>[2]) =>
    judged(follows, changes, more).changes.toSorted((a, b) => (a.at < b.at ? -1 : 1))
  const [first, second, third] = at({})
  expect([first, second, third].map((change) => [change?.kind, change?.side])).toEqual([
    ['new', 'risky'],
    ['new', 'evolution'],
    ['returned', 'risky'],
  ])
  // With the first in the profile the second is no change any more, and the third keeps its own verdict.
  const after = at(decidedOn([first?.id, 'evolution'], [second?.id, 'evolution'], [third?.id, 'risky']))
  expect(after.map(({ id, decision }) => [id, decision?.verdict])).toEqual([
    [first?.id, 'evolution'],
    [third?.id, 'risky'],
  ])
  // What a person said of the second is not said of what came back.
  const other = at(decidedOn([first?.id, 'evolution'], [second?.id, 'evolution']))
  expect(other.find(({ id }) => id === third?.id)).toMatchObject({ side: 'risky', kind: 'returned' })
  expect(other.find(({ id }) => id === third?.id)).not.toHaveProperty('decision')
})

test('a late record of an earlier time is a change of its own, and the verdict stays where it was given', () => {
  const seen = execution(QUIET + 1, 9, NEW_TOOL)
  const [change] = judged([seen]).changes
  const { changes } = judged([execution(QUIET, 9, NEW_TOOL), seen], [], decidedOn([change?.id, 'evolution']))
  expect(changes.find(({ id }) => id === change?.id)).toMatchObject({ side: 'evolution', decision: { by: 'kim' } })
  expect(changes.filter(({ id }) => id !== change?.id)).toMatchObject([{ side: 'risky', at: '1970-01-17T09:00:04Z' }])
})

test('a program that runs after a verdict on another of the same day is not let in by it', () => {
  const known = execution(3, 12, [...TICKET, ['executable', '/usr/bin/python3']])
  const ran = execution(QUIET, 9, [...TICKET, ['executable', '/usr/bin/convert']])
  const [change] = judged([known, ran]).changes
  const later = execution(QUIET, 15, [...TICKET, ['executable', '/tmp/x']])
  const changes = changeOf([known, ran, later], decidedOn([change?.id, 'evolution']))
  expect(changes).toEqual([
    ['ran /tmp/x for the first time', 'risky', undefined],
    ['ran /usr/bin/convert for the first time', 'evolution', 'evolution'],
  ])
  // What was let in stays so, although the day had something beside it that was not.
  const next = execution(QUIET + 1, 9, [...TICKET, ['executable', '/usr/bin/convert']])
  expect(changeOf([known, ran, later, next], decidedOn([change?.id, 'evolution']))).toEqual(changes)
})

test('a verdict on some thousand records is none on what the same execution says it read later', () => {
  const read = (rows: number) => execution(QUIET, 9, TICKET, { rows, id: 'one' })
  const [change] = judged([read(5_000)]).changes
  const given = decidedOn([change?.id, 'evolution'])
  expect(changeOf([read(5_100)], given)).toMatchObject([[expect.anything(), 'evolution', 'evolution']])
  expect(changeOf([read(5_000_000)], given)).toMatchObject([[expect.anything(), 'risky', undefined]])
})

test('no two changes of one agent have one id', () => {
  const follows = [9, 10, 11].flatMap((hour) => [
    execution(QUIET, hour, [...NEW_TOOL, ['destination', `h${hour}.example.net:443`]], { rows: hour ** 5 }),
    execution(QUIET + 1, hour, [...NEW_TOOL, ['identity', `admin${hour % 2} (role)`]], { rows: hour ** 6 }),
  ])
  const { changes } = judged(follows, [recorded(QUIET, 9.5, toTool)])
  expect(changes.length).toBeGreaterThan(5)
  expect(new Set(changes.map(({ id }) => id)).size).toBe(changes.length)
})
