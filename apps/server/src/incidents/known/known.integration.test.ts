import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Answer, IncidentWire } from '@holdfast/api'
import type { AgentId, ControlRecord, ControlRecordOf, EntryGroup, UnixNano } from '@holdfast/model'
import { Recorder } from '@holdfast/recorder'
import { expect, test } from 'vitest'
import { openViews } from '../../views/open-views.ts'
import { type Story, storyGroups } from '../testing/story.ts'
import { foldAll, judgeAll } from '../../testing/fold-all.ts'
import { withoutPositions } from '../testing/without-positions.ts'

const DAY = 86_400_000_000_000n
const DAYS = 16

/** Each day the same: one report is read, twenty rows of it, and mailed to one of three colleagues. */
const past = Array.from({ length: DAYS * 2 }, (_, i): Story => ({
  ...storyOf(i),
  laterBy: BigInt(Math.floor(i / 2)) * DAY + BigInt(i % 2) * 3_600_000_000_000n,
}))
const usual = { ...storyOf(900), laterBy: BigInt(DAYS) * DAY }
const bulk: Story = {
  ...storyOf(901),
  laterBy: BigInt(DAYS) * DAY,
  document: rows(900),
  mail: { to: 'eve@desk.example.test', subject: 'report' },
}

test('a day like all others is no incident, and one that is like none of them is', { timeout: 120_000 }, async () => {
  expect((await judged([past, [usual]])).items).toEqual([])
  const { items, shown } = await judged([past, [bulk]])
  expect(items).toMatchObject([{ type: 'privilege-boundary-escape', outcome: 'incident', agents: ['host:story/desk'] }])
  const words = shown[0]?.evidence.for.map(({ words: said }) => said).join('\n')
  expect(words).toContain('900 records were read')
  expect(words).toContain('eve@desk.example.test')
})

test('whether the past comes before the deed or after it, the incident is the same', { timeout: 120_000 }, async () => {
  const before = await judged([past, [bulk]])
  expect(before.items).toHaveLength(1)
  expect(withoutPositions(await judged([[bulk], past]))).toEqual(withoutPositions(before))
  expect((await judged([[usual], past])).items).toEqual([])
})

test('what an operator takes out of a profile is no past any more', { timeout: 120_000 }, async () => {
  const mark: ControlRecord = {
    kind: 'profile-mark',
    agent: 'host:story/desk' as AgentId,
    mark: 'contaminated',
    markId: 'm-1',
    to: '2030-01-01T00:00:00Z',
    reason: 'a test run',
    by: 'kim',
  }
  expect((await judged([past, [bulk]], [mark])).items).toEqual([])
})

test('without a past nothing is new, and the incident says what is missing', { timeout: 120_000 }, async () => {
  expect((await judged([[bulk]])).items).toEqual([])
})

test('a report of a person opens an incident, and taking it back closes it', { timeout: 120_000 }, async () => {
  const report: ControlRecordOf<'incident-report'> = {
    kind: 'incident-report',
    reportId: 'r-1',
    do: 'reported',
    agent: 'host:story/desk' as AgentId,
    conversation: usual.trace,
    type: 'reasoning-compromise',
    reason: 'it favours one supplier',
    by: 'kim',
  }
  const { items, shown } = await judged([past, [usual]], [report])
  expect(items).toMatchObject([{ type: 'reasoning-compromise', triage: 'investigate', conversations: [usual.trace] }])
  expect(shown[0]?.caps.join()).toContain('state-detectable')
  expect(
    (await judged([past, [usual]], [report, { ...report, do: 'withdrawn', conversation: past[0]?.trace ?? '' }])).items,
  ).toEqual([])
})

type Judged = { readonly items: Answer<'listIncidents'>['items']; readonly shown: readonly IncidentWire[] }

/** What a real log, the real projections and the judge make of these, judged after each portion. */
async function judged(
  portions: readonly (readonly Story[])[],
  controls: readonly ControlRecord[] = [],
): Promise<Judged> {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-known-'))
  try {
    await using recorder = await Recorder.open({
      folder,
      clock: () => (1_790_000_100_000_000_000n + 30n * DAY) as UnixNano,
    }) // one fixed instant
    for (const portion of portions) {
      await recorder.append(portion.flatMap(storyGroups).map(asImported))
      foldAndJudge(folder)
    }
    for (const control of controls) {
      await recorder.appendControl(control)
      foldAndJudge(folder)
    }
    using open = openViews(folder)
    const ask = <T>(question: 'listIncidents' | 'getIncident', args: unknown): T =>
      JSON.parse(open.answerJson(question, args) ?? 'null') as T // the route's own answer
    const { items } = ask<Answer<'listIncidents'>>('listIncidents', { query: {} })
    return { items, shown: items.map(({ id }) => ask<IncidentWire>('getIncident', { incident: id })) }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function foldAndJudge(folder: string): void {
  using open = openViews(folder)
  foldAll(open)
  judgeAll(open)
}

/** A live source may not claim another day than ours. */
function asImported(group: EntryGroup): EntryGroup {
  return { ...group, envelope: { ...group.envelope, clock: 'imported' } }
}

function storyOf(n: number): Story {
  return {
    service: 'desk',
    trace: `c${n.toString(16).padStart(31, '0')}`,
    user: 'Mail the report to the one who has the day.',
    document: rows(20),
    mail: { to: `${['ann', 'bo', 'cy'][n % 3]}@desk.example.test`, subject: 'report' },
  }
}

function rows(count: number): string {
  return JSON.stringify(Array.from({ length: count }, (_, i) => ({ line: i })))
}
