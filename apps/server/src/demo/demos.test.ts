import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseUnixNano, type UnixNano } from '@holdfast/model'
import { LogReader, Recorder } from '@holdfast/recorder'
import { expect, test } from 'vitest'
import { recordedGroups } from '../testing/entries.ts'
import { Demos } from './demos.ts'
import { STEPS_PER_DEMO } from './limits.ts'

const SCOPE = { dataClass: 'content', retention: 'default' } as const

/** A log of its own; `heard` records something of an agent. */
async function openLog() {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-demos-'))
  let now = 1_763_700_000_000_000_000n
  const clock = (): UnixNano => parseUnixNano((now += 1_000_000n)) ?? (0n as UnixNano) // in range
  const recorder = await Recorder.open({ folder, clock, classify: () => SCOPE })
  const reader = LogReader.open({ folder })
  const [group] = recordedGroups('otel-genai')
  if (group === undefined) throw new Error('the fixture holds a group')
  let listed: readonly {
    readonly id: string
    readonly alsoKnownAs: readonly string[]
    readonly agents: readonly string[]
  }[] = []
  // Incidents are folded elsewhere; here they are what a test says.
  // With the record of a removal they are folded anew, and nothing is listed meanwhile.
  const isFolding = (): boolean =>
    reader.controls('demo').some(({ record }) => record.kind === 'demo' && record.deed.do === 'removed')
  const views = { ask: async () => JSON.stringify({ items: isFolding() ? [] : listed }) }
  return {
    recorder,
    reader,
    open: () => new Demos({ recorder, reader, views, contentScope: SCOPE, clock }),
    heard: (agent: string) =>
      recorder.append([{ ...group, envelope: { ...group.envelope, agent: agent as typeof group.envelope.agent } }]),
    list: (...incidents: typeof listed) => void (listed = incidents),
    bodyOf: (agent: string) => [...reader.entries({ from: 0 })].filter(({ envelope }) => envelope.agent === agent),
    async [Symbol.asyncDispose]() {
      reader[Symbol.dispose]()
      await recorder[Symbol.asyncDispose]()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

test('the names of a demo are drawn here: another demo of the same stories has others', async () => {
  await using log = await openLog()
  const demos = log.open()
  const [first, second] = [
    await demos.begin({ stories: ['refund-agent'] }, 'token'),
    await demos.begin({ stories: ['refund-agent'] }, 'token'),
  ]
  expect(first.stories[0]).toMatchObject({
    name: 'refund-agent',
    state: 'waiting',
    cluster: `refund-agent-${first.id}`,
  })
  expect(second.stories[0]?.cluster).not.toBe(first.stories[0]?.cluster)
  expect(first.stories[0]?.account).toMatch(/^\d{12}$/)
})

test('how far a story is survives a restart', async () => {
  await using log = await openLog()
  const demo = await log.open().begin({ stories: ['refund-agent', 'sanctioned-bucket'] }, 'token')
  const demos = log.open()
  await demos.tell(
    { demo: demo.id, story: 'refund-agent' },
    { state: 'told', detail: 'T2', incident: 'inc-1', ended: 'the sensor is off' },
    'token',
  )
  expect(log.open().answer().items[0]?.stories).toMatchObject([
    { name: 'refund-agent', state: 'told', detail: 'T2', incident: 'inc-1', ended: 'the sensor is off' },
    { name: 'sanctioned-bucket', state: 'waiting' },
  ])
})

test('a demo or a story that nobody began is not found, and a demo that says ever more is refused', async () => {
  await using log = await openLog()
  const demos = log.open()
  const { id } = await demos.begin({ stories: ['refund-agent'] }, 'token')
  const step = { state: 'acting', detail: '' } as const
  await expect(demos.tell({ demo: 'ffffff', story: 'refund-agent' }, step, 'token')).rejects.toMatchObject({
    status: 404,
  })
  await expect(demos.tell({ demo: id, story: 'another' }, step, 'token')).rejects.toMatchObject({ status: 404 })
  for (let i = 0; i < STEPS_PER_DEMO; i += 1) await demos.tell({ demo: id, story: 'refund-agent' }, step, 'token')
  await expect(demos.tell({ demo: id, story: 'refund-agent' }, step, 'token')).rejects.toMatchObject({ status: 429 })
})

test('removing erases what the demo brought, leaves the leaf of each entry, and touches no other agent', async () => {
  await using log = await openLog()
  const demos = log.open()
  const own = 'k8s:prod/payments/refund-agent'
  await log.heard(own)
  const demo = await demos.begin({ stories: ['refund-agent'] }, 'token')
  const [story] = demo.stories
  const mine = `k8s:${story?.cluster}/payments/refund-agent`
  const role = `host:aws ${story?.account}/assumed-role/refund-writer`
  await log.heard(mine)
  await log.heard(role)
  log.list(
    { id: 'inc-demo', alsoKnownAs: ['inc-before'], agents: [mine] },
    { id: 'inc-own', alsoKnownAs: [], agents: [own] },
  )
  expect(demos.answer().items[0]?.stories).toMatchObject([{ name: 'refund-agent', agent: mine }])
  const size = log.reader.size()
  const removed = await demos.remove('anna')
  expect(removed).toMatchObject([{ id: demo.id, by: 'anna', agents: 2, incidents: 1, keys: 2 }])
  expect(removed[0]?.entries).toBe(log.bodyOf(mine).length + log.bodyOf(role).length)
  expect(log.bodyOf(mine).every(({ body }) => body === undefined)).toBe(true)
  expect(log.bodyOf(own).every(({ body }) => body !== undefined)).toBe(true)
  expect(log.recorder.inclusionProof(size - 1, log.recorder.size).length).toBeGreaterThan(0)
  for (const after of [demos, log.open()]) {
    expect(after.answer()).toMatchObject({ items: [], hasOwnAgents: true, removed: [{ id: demo.id }] })
    expect([mine, role, own].map((agent) => after.isRemoved(agent))).toEqual([true, true, false])
    expect(['inc-demo', 'inc-before', 'inc-own'].map((id) => after.isRemovedIncident(id))).toEqual([true, true, false])
  }
  await expect(demos.remove('anna')).rejects.toMatchObject({ status: 404 })
})

test('of several demos each counts its own incidents, and how far their removal is can be asked', async () => {
  await using log = await openLog()
  const demos = log.open()
  const begun = [
    await demos.begin({ stories: ['refund-agent'] }, 'token'),
    await demos.begin({ stories: ['sanctioned-bucket'] }, 'token'),
  ]
  const agents = begun.map(({ stories }) => `k8s:${stories[0]?.cluster}/prod/agent`)
  for (const agent of agents) await log.heard(agent)
  log.list(...agents.map((agent, i) => ({ id: `inc-${i}`, alsoKnownAs: [], agents: [agent] })))
  expect(demos.answer().removing).toBeUndefined()
  const removing = demos.remove('anna')
  const seen: unknown[] = []
  let isOver = false
  void removing.finally(() => (isOver = true))
  while (!isOver) {
    seen.push(demos.answer().removing)
    await new Promise(setImmediate)
  }
  expect((await removing).map(({ incidents }) => incidents)).toEqual([1, 1])
  expect(seen).toContainEqual({ agents: 0, of: 2 })
  expect(demos.answer().removing).toBeUndefined()
})

test('an agent of a demo is not the first of one’s own', async () => {
  await using log = await openLog()
  const demos = log.open()
  const { stories } = await demos.begin({ stories: ['refund-agent'] }, 'token')
  await log.heard(`k8s:${stories[0]?.cluster}/payments/refund-agent`)
  expect(demos.answer().hasOwnAgents).toBe(false)
  await log.heard('host:-/my-agent')
  expect(demos.answer().hasOwnAgents).toBe(true)
})
