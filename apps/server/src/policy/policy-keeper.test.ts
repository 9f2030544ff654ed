import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inForceAt } from '@holdfast/enforce'
import type { PolicyDeed, UnixNano } from '@holdfast/model'
import { LogReader, Recorder } from '@holdfast/recorder'
import type { Notice } from '@holdfast/respond'
import { afterAll, expect, test } from 'vitest'
import { wallClock } from '../clock.ts'
import { PolicyBook } from './policy-book.ts'
import { PolicyKeeper } from './policy-keeper.ts'
import type { Standing } from './simulation-task.ts'
import { DESK_GROUP, deskPolicy, harmless, watchedBy } from './testing/desk-policy.ts'

const AGENT = 'host:-/desk'
/** Its policy came into force before that of the desk, so it is looked at first. */
const OTHER = 'host:-/other'
const DAY_NANOS = 86_400_000_000_000n
const folders: string[] = []
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })))

/** A book in which the policy of the desk is enforced and that of another agent watched, by a clock that the test moves. */
async function enforced() {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-keeper-'))
  folders.push(folder)
  const recorder = await Recorder.open({ folder, clock: wallClock })
  const reader = LogReader.open({ folder })
  const time = { now: wallClock(), marks: [] as number[], unknown: '' }
  const faults: unknown[] = []
  const book = new PolicyBook({ recorder, reader, clock: () => time.now })
  const told: Notice[] = []
  const standing = (agent: string): Standing => ({
    agent,
    name: 'desk',
    class: 'support',
    track: 1,
    isPreEnforced: false,
    verdict: 'converged',
    observations: 900,
    asOf: book.now,
    contaminatedBy: agent === AGENT ? time.marks : [],
  })
  const keeper = new PolicyKeeper({
    book,
    notices: { tell: async (notice) => void told.push(notice) },
    standingOf: async (agent) => {
      if (agent === time.unknown) throw new Error(`${agent} cannot be asked about`)
      return standing(agent)
    },
    onError: (error) => void faults.push(error),
  })
  const artifact = deskPolicy({ kind: 'host-egress', id: AGENT, reached: ['198.51.100.7:443'], now: book.now })
  const take = (deed: PolicyDeed) => book.step(() => deed, { reason: 'test', by: 'ana' })
  const other = deskPolicy({ kind: 'host-egress', id: OTHER, reached: ['198.51.100.7:443'], now: book.now })
  for (const one of [other, artifact]) for (const deed of watchedBy(one)) await take(deed)
  const { entry } = await take({ do: 'reported', group: DESK_GROUP, report: harmless(artifact) })
  await take({ do: 'enforced', group: DESK_GROUP, artifacts: [artifact.id], report: entry })
  const modes = () => inForceAt(book.state, AGENT, { time: book.now }).map(({ mode }) => mode)
  const again = () => new PolicyBook({ recorder, reader, clock: () => time.now })
  return {
    book,
    keeper,
    told,
    faults,
    time,
    modes,
    again,
    [Symbol.asyncDispose]: () => recorder[Symbol.asyncDispose](),
  }
}

test('what holds is left alone', async () => {
  await using t = await enforced()
  const before = t.book.state
  await t.keeper.sweep()
  expect(t.book.state).toBe(before)
  expect(t.modes()).toEqual(['enforce'])
  expect(t.told).toEqual([])
})

test('past its validity a policy watches on, which is on record once and told once', async () => {
  await using t = await enforced()
  t.time.now = (t.time.now + 31n * DAY_NANOS) as UnixNano
  expect(t.modes()).toEqual(['monitor'])
  await t.keeper.sweep()
  await t.keeper.sweep()
  expect(t.told.map(({ kind, title }) => [kind, title])).toEqual([
    ['policy-lapsed', 'an enforced policy has expired: it watches and stops nothing'],
  ])
  expect([...t.again().state.spent.values()]).toEqual(['expired'])
})

test('a policy whose profile turns out to be tainted is taken back to watching; a mark from before it was derived is not meant', async () => {
  await using t = await enforced()
  t.time.marks = [49]
  await t.keeper.sweep()
  expect(t.modes()).toEqual(['enforce'])
  t.time.marks = [49, 77]
  await t.keeper.sweep()
  expect(t.modes()).toEqual(['monitor'])
  expect(t.told).toHaveLength(1)
  expect([...t.again().state.spent.values()]).toEqual(['contaminated'])
})

test('an agent that cannot be asked about is told of, and keeps no tainted policy of another in force', async () => {
  await using t = await enforced()
  expect([...t.book.state.force.keys()]).toEqual([OTHER, AGENT])
  t.time.marks = [77]
  t.time.unknown = OTHER
  await t.keeper.sweep()
  expect(t.modes()).toEqual(['monitor'])
  expect(t.faults).toEqual([new Error(`${OTHER} cannot be asked about`)])
})
