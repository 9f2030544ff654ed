import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ControlRecord, UnixNano } from '@holdfast/model'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { acquireFacts } from './acquire.ts'
import { SHIPPED_SKILLS } from './shipped.ts'
import { Skills, type SkillSources } from './skills.ts'

const ANN = { name: 'ann', role: 'responder' } as const
const BOB = { name: 'bob', role: 'responder' } as const
const SHIPPED = new URL('../../../../runbooks/skills/', import.meta.url)
let folder = ''
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'holdfast-skills-'))))
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** A log in memory, and a record of what the parts of the program were asked to do. */
function library(
  given: {
    readonly log?: ControlRecord[]
    readonly facts?: ReadonlyMap<string, unknown>
    readonly before?: string
  } = {},
) {
  const { log = [], facts = new Map(), before = '1.0' } = given
  const asked: string[] = []
  let isOpen = false
  const plan = { hash: 'ab'.repeat(32), state: 'planned' }
  const kept = () => ({
    hash: plan.hash,
    made: {
      left: [],
      plan: {
        steps: [
          { id: 'hold', deed: { kind: 'rung', rung: 'stop' } },
          { id: 'freeze', deed: { kind: 'cut', cut: 'freeze-credential' } },
        ],
      },
    },
    outcome: { state: plan.state, words: '', steps: ['hold', 'freeze'].map((step) => ({ step, state: plan.state })) },
  })
  const sources = {
    folder,
    recorder: {
      appendControl: async (record: ControlRecord) => ({ from: log.push(record) - 1 }),
      signDocument: (text: string) => `${text}signed`,
      publicKey: () => 'log.example+0+k',
    },
    reader: {
      controls: (kind: string) =>
        log.flatMap((record, index) => (record.kind === kind ? [{ record, index, recordedAt: 0n }] : [])),
    },
    views: { ask: async () => JSON.stringify({ id: 'inc-1', alsoKnownAs: [], agents: ['desk'] }) },
    cases: {
      stateOf: () => (isOpen ? {} : undefined),
      take: async (_id: string, deed: { readonly do: string }, by: string) => {
        asked.push(`${deed.do} by ${by}`)
        isOpen = true
        return { seals: [{ size: 7, rootHash: 'cd' }] }
      },
      factsOf: async () => facts,
    },
    plans: {
      make: async ({ rung }: { readonly rung?: string }) => {
        asked.push(`plan ${rung ?? 'of the ladder'}`)
        return kept()
      },
      found: () => kept(),
    },
    notices: {
      tell: async ({ kind, title }: { readonly kind: string; readonly title: string }) =>
        void asked.push(`${kind}: ${title}`),
    },
    rosters: {
      versionBefore: () => before,
      decide: async ({ decision }: { readonly decision: object }) => {
        asked.push(JSON.stringify(decision))
        return { entry: 9 }
      },
    },
    sensors: { sensors: () => [] },
    clock: () => 0n as UnixNano,
  }
  // The members that steps read, as the parts of the program have them.
  return { skills: new Skills(sources as unknown as SkillSources), asked, log, plan }
}

test('the skills that ship are the ones whose digests are pinned, and they may run', () => {
  const names = readdirSync(SHIPPED)
  expect([...SHIPPED_SKILLS.keys()]).toEqual(names.toSorted())
  const { skills, refused } = library().skills.list()
  expect(refused).toEqual([])
  expect(skills.map(({ name, standing }) => [name, standing])).toEqual(names.map((name) => [name, 'shipped']))
})

test('IR-24 a run puts each step on record before it is taken, waits for people and plans, and goes on after a restart', async () => {
  const { skills, asked, log } = library()
  const targets = { workload: 'desk', credential: 'key-1' }
  const begun = await skills.run('agent-retirement', { incident: 'inc-1', targets, reason: 'it is replaced' }, ANN)
  expect(begun).toMatchObject({ state: 'waiting', incident: 'inc-1', by: 'ann' })
  expect(begun.steps.map(({ state }) => state)).toEqual(['waiting', 'open', 'open', 'open', 'open'])
  expect(asked).toEqual([])

  const again = library({ log })
  const held = await again.skills.goOn(begun.run, { reason: 'desk-2 took over' }, BOB)
  expect(held.steps.map(({ state }) => state)).toEqual(['done', 'done', 'waiting', 'open', 'open'])
  expect(held.steps[0]?.detail).toBe('bob: desk-2 took over')
  expect(again.asked).toEqual(['open by bob', 'plan of the ladder'])
  const kinds = log.flatMap((record) =>
    record.kind === 'skill-run' && record.step !== undefined ? [`${record.step} ${record.state}`] : [],
  )
  expect(kinds).toEqual([
    'agree intended',
    'agree waiting',
    'agree done',
    'seal intended',
    'seal done',
    'freeze intended',
    'freeze waiting',
  ])

  // Nothing of the plan is confirmed: saying so is not enough.
  expect((await again.skills.goOn(begun.run, { reason: 'I applied it' }, BOB)).state).toBe('waiting')
  again.plan.state = 'confirmed'
  const done = await again.skills.goOn(begun.run, { reason: 'applied' }, BOB)
  expect(done.state).toBe('finished')
  expect(again.asked.at(-1)).toBe('{"do":"retire","agent":"desk"}')
  await expect(again.skills.goOn(begun.run, { reason: 'more' }, BOB)).rejects.toThrow('finished')
})

test('a check that does not hold fails the run, and what is not known is not held', async () => {
  const { skills } = library({ facts: new Map([['digest-matches', false]]) })
  const run = await skills.run('rollback', { incident: 'inc-1', targets: {}, reason: 'x' }, ANN)
  expect(run).toMatchObject({ state: 'failed', targets: { workload: 'desk' } })
  expect(run.steps[1]).toMatchObject({ state: 'failed', detail: 'digest-matches is false, and should be true' })
  const unknown = await library().skills.run('rollback', { incident: 'inc-1', targets: {}, reason: 'x' }, ANN)
  expect(unknown.steps[1]?.detail).toBe('digest-matches is not known, and should be true')
})

test('own bytes run only once an admin approved exactly them, and take no name that ships', async () => {
  const own = join(folder, 'skills', 'own-isolation')
  mkdirSync(join(folder, 'skills'))
  cpSync(new URL('siem-notification', SHIPPED), own, { recursive: true })
  writeFileSync(
    join(own, 'SKILL.md'),
    readFileSync(join(own, 'SKILL.md'), 'utf8').replace('name: siem-notification', 'name: own-isolation'),
  )
  cpSync(new URL('rollback', SHIPPED), join(folder, 'skills', 'rollback'), { recursive: true })
  const { skills } = library()
  expect(skills.list().refused).toEqual([{ folder: 'rollback', problems: ['a skill that ships has this name'] }])
  const request = { incident: 'inc-1', targets: {}, reason: 'x' }
  await expect(skills.run('own-isolation', request, ANN)).rejects.toThrow('is not approved')
  const { digest } = skills.show('own-isolation')
  await skills.decide('own-isolation', { decision: 'approved', digest, reason: 'read' }, 'ann')
  expect((await skills.run('own-isolation', request, ANN)).state).toBe('finished')
  writeFileSync(join(own, 'steps.yaml'), `${readFileSync(join(own, 'steps.yaml'), 'utf8')}\n`)
  await expect(skills.run('own-isolation', request, ANN)).rejects.toThrow('is not approved')
  await expect(skills.decide('own-isolation', { decision: 'approved', digest, reason: 'x' }, 'ann')).rejects.toThrow(
    'by now',
  )
})

test('a rehearsal names what is missing and does nothing', async () => {
  const { skills, asked, log } = library()
  expect(await skills.rehearse('credential-freeze', { targets: {} })).toMatchObject({
    status: 'missing',
    missing: ['credential', 'grant'],
  })
  const ready = await skills.rehearse('host-isolation', { incident: 'inc-1', targets: {} })
  expect(ready.steps[1]).toMatchObject({ would: 'soft-quarantine desk for 240 minutes', canBeUndone: true })
  expect([asked, log]).toEqual([[], []])
})

test('facts of a process are names and never values, and without a sensor here there are none', () => {
  expect(acquireFacts([], 'desk')).toMatchObject({ status: 'impossible' })
  const cgroups = join(folder, 'cgroup')
  mkdirSync(join(cgroups, 'a'), { recursive: true })
  writeFileSync(join(cgroups, 'a', 'cgroup.procs'), `${process.pid}\n4000000\n`)
  const sensor = {
    state: 'connected',
    report: { host: hostname() },
    watched: [{ path: 'a', agent: 'desk', agentName: 'desk' }],
  }
  const found = acquireFacts([sensor] as never, 'desk', cgroups) // the three members that are read
  expect(found).toMatchObject({ status: 'acquired', unread: 1, processes: [{ pid: process.pid }] })
  const [facts] = found.status === 'acquired' ? found.processes : []
  expect(facts?.environment).toContain('PATH')
  expect(JSON.stringify(facts)).not.toContain(String(process.env['PATH']))
  expect(facts?.threads).toBeGreaterThan(0)
})

test('a restore that was cut short goes to the version that it had chosen, whatever the roster says by then', async () => {
  const { skills, asked, log } = library({ facts: new Map<string, unknown>([['digest-matches', true]]) })
  await skills.run('rollback', { incident: 'inc-1', targets: {}, reason: 'x' }, ANN)
  const intended = log.findIndex((record) => record.kind === 'skill-run' && record.step === 'restore')
  expect(log[intended]).toMatchObject({ state: 'intended', restores: '1.0' })
  expect(asked).toEqual(['{"do":"pin","agent":"desk","version":"1.0"}'])
  // The server stopped between the pin and its record; by now the version before is the compromised one.
  const again = library({ log: log.slice(0, intended + 1), before: '2.0-compromised' })
  const [run] = (await again.skills.runs('inc-1')).runs
  await again.skills.goOn(run?.run ?? '', { reason: 'again' }, ANN)
  expect(again.asked).toEqual(asked)
})
