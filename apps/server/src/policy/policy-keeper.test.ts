import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { GENERATORS, inForceAt, type GeneratorFacts } from '@holdfast/enforce'
import type { PolicyDeed, UnixNano } from '@holdfast/model'
import { LogReader, Recorder } from '@holdfast/recorder'
import type { Notice } from '@holdfast/respond'
import { afterAll, expect, test } from 'vitest'
import { wallClock } from '../clock.ts'
import { PolicyBook } from './policy-book.ts'
import { PolicyKeeper } from './policy-keeper.ts'
import type { Standing } from './simulation-task.ts'

const AGENT = 'host:-/desk'
const DAY_NANOS = 86_400_000_000_000n
const folders: string[] = []
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })))

/** A book whose only policy is enforced, by a clock that the test moves. */
async function enforced() {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-keeper-'))
  folders.push(folder)
  const recorder = await Recorder.open({ folder, clock: wallClock })
  const reader = LogReader.open({ folder })
  const time = { now: wallClock(), marks: [] as number[] }
  const book = new PolicyBook({ recorder, reader, clock: () => time.now })
  const told: Notice[] = []
  const standing = (): Standing => ({
    agent: AGENT,
    name: 'desk',
    class: 'support',
    track: 1,
    isPreEnforced: false,
    verdict: 'converged',
    observations: 900,
    asOf: book.now,
    contaminatedBy: time.marks,
  })
  const keeper = new PolicyKeeper({
    book,
    notices: { tell: async (notice) => void told.push(notice) },
    standingOf: async () => standing(),
    onError: (error) => {
      throw error
    },
  })
  const facts: GeneratorFacts = {
    agent: { id: AGENT, name: 'desk', class: 'support' },
    profile: { digest: 'd', asOf: book.now, days: 30, observations: 900, size: 50, status: 'converged' },
    entries: [
      {
        dimension: 'destination',
        key: '198.51.100.7:443',
        count: 40,
        daysSeen: 12,
        recency: 1,
        first: book.now,
        last: book.now,
        entries: [3],
      },
    ],
    grants: [],
    uses: [],
    names: new Map(),
    inForce: [],
    platform: { dns: [], collector: [] },
    decisions: {},
    now: book.now,
  }
  const made = GENERATORS.find(({ kind }) => kind === 'host-egress')?.generate(facts)
  if (made?.status !== 'made') throw new Error('no egress list was made')
  const { artifact } = made
  const group = { kind: 'class', class: 'support' } as const
  const counts = {
    judged: 1,
    denied: 0,
    conversations: 0,
    affectedConversations: 0,
    toolCalls: 0,
    affectedToolCalls: 0,
  }
  const report = { from: '', to: '', artifacts: [artifact.id], agents: [], affectedAgents: [], ...counts }
  const take = (deed: PolicyDeed) => book.step(() => deed, { reason: 'test', by: 'ana' })
  await take({ do: 'generated', artifact, principals: [] })
  await take({ do: 'monitored', group, artifacts: [artifact.id] })
  const { entry } = await take({ do: 'reported', group, report })
  await take({ do: 'enforced', group, artifacts: [artifact.id], report: entry })
  const modes = () => inForceAt(book.state, AGENT, { time: book.now }).map(({ mode }) => mode)
  const again = () => new PolicyBook({ recorder, reader, clock: () => time.now })
  return { book, keeper, told, time, modes, again, [Symbol.asyncDispose]: () => recorder[Symbol.asyncDispose]() }
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
