import type { IncidentWire } from '@holdfast/api'
import { LogReader } from '@holdfast/recorder'
import { type CaseState, exitChecks } from '@holdfast/respond'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { loadRunbooks } from '../case/runbooks.ts'
import { type Story, storyGroups } from '../incidents/testing/story.ts'
import { Answering, mailStory } from '../response/testing/answering.ts'
import { Recovery } from './recovery.ts'
import { recoveryFacts } from './recovery-facts.ts'

const AGENT = 'host:story/desk-1'
const STORY = mailStory(1)
let answering: Answering
let reader: LogReader
let id = ''

beforeAll(async () => {
  answering = await Answering.start([])
  reader = LogReader.open({ folder: answering.folder })
  await answering.happened(STORY)
  const [incident] = await answering.incidents()
  id = incident?.id ?? ''
})

afterAll(async () => {
  reader[Symbol.dispose]()
  await answering[Symbol.asyncDispose]()
})

test('what was logged before it came back is no recurrence, nor is what it rightly does since', async () => {
  await answering.state(AGENT, 'mode', 'monitoring')
  expect(await recurring()).toEqual({ recurrences: 0, recurred: [] })
  const { document: _document, mail: _mail, ...work } = STORY
  await answering.happened({ ...work, trace: 'b'.repeat(32), document: 'Sales grew.' })
  await answering.incidents()
  expect(await recurring()).toEqual({ recurrences: 0, recurred: [] })
  expect(await exitCheck()).toMatchObject({ holds: true, found: 'recurrences is 0' })
})

test('an act that is appended to the incident itself is a recurrence, whenever it claims to have been, and keeps its phase open', async () => {
  const [before] = await answering.incidents()
  await appended({ ...STORY, mails: 4 })
  const [after] = await answering.incidents()
  expect([after?.id, after?.repeats]).toEqual([before?.id, 1])
  const entry = answering.recorder.size - 1
  expect(await recurring()).toEqual({
    recurrences: 1,
    // The conversation claims to be of long before it came back.
    recurred: [{ incident: id, entry, at: after?.lastActClaimed }],
  })
  expect(await exitCheck()).toMatchObject({ holds: false, found: 'recurrences is 1', entries: [entry] })
})

test('who states its mode anew begins its watch anew, and the same in another conversation is a recurrence as well', async () => {
  await answering.state(AGENT, 'mode', 'monitoring')
  expect(await recurring()).toEqual({ recurrences: 0, recurred: [] })
  await answering.happened({ ...STORY, trace: 'c'.repeat(32) })
  const rows = await answering.incidents()
  expect(rows).toMatchObject([{ id, repeats: 2 }])
  expect(await recurring()).toMatchObject({ recurrences: 1, recurred: [{ incident: id }] })
})

/** The last act of a story, alone: its conversation is in the log already. */
async function appended(story: Story): Promise<void> {
  const groups = storyGroups(story).slice(-1)
  await answering.recorder.append(
    groups.map((group) => ({ ...group, envelope: { ...group.envelope, tier: 'provider' as const } })),
  )
}

function recovery(): Recovery {
  const { recorder, views, cases, clock } = answering
  return new Recovery({ recorder, reader, views, cases, clock, onError: (error) => expect.fail(String(error)) })
}

async function recurring(): Promise<unknown> {
  const { agents } = await recovery().show(id)
  const { recurrences, recurred } = agents.find(({ agent }) => agent === AGENT) ?? expect.fail('it is of the incident')
  return { recurrences, recurred }
}

/** What the phase Recover of an escape asks of recurrences, by what the program sees of this incident. */
async function exitCheck() {
  const incident = JSON.parse(await answering.views.ask('getIncident', { incident: id })) as IncidentWire // the worker's answer
  const facts = await recoveryFacts(recovery())({ incident, state: undefined })
  const state: CaseState = {
    incident: id,
    graphAt: answering.clock(),
    types: [],
    facts: new Map(
      facts.map(({ fact, value, proof }) => [
        fact,
        { value, proof, by: { kind: 'program' as const }, at: answering.clock() },
      ]),
    ),
    cells: new Map(),
    actions: new Map(),
    seals: [],
    restored: [],
    contaminations: [],
  }
  const checks = exitChecks({ matrix: loadRunbooks(), state, type: 'runtime-execution-escape', phase: 'recover' })
  return checks.find(({ says }) => says === 'nothing of the kind came back')
}
