import type { ContainmentRecord, ControlRecord, UnixNano } from '@holdfast/model'
import { type Notice, planHash, type Responder } from '@holdfast/respond'
import { expect, test } from 'vitest'
import { PROBE_EVERY_MS, RETRY_MOST_MS, RETRY_MS } from './limits.ts'
import { PlanBook } from './plan-book.ts'
import { PlanKeeper } from './plan-keeper.ts'
import { keptPlan, planStep } from './testing/kept-plan.ts'

const MS = 1_000_000n

/** A provider of which a test says how it is. */
class Desk implements Responder {
  readonly name: string
  isAway = false
  held = true
  reverts = 0
  /** What it waits for before it answers a probe. */
  until: Promise<void> = Promise.resolve()

  constructor(name = 'desk') {
    this.name = name
  }

  readonly offers = async () => []
  readonly plan: Responder['plan'] = async ({ target }) => ({ status: 'possible', state: target.state, words: 'hold' })
  readonly apply: Responder['apply'] = async () => ({ status: 'done', detail: 'held' })

  readonly probe: Responder['probe'] = async () => {
    await this.until
    if (this.isAway) throw new Error('it is away')
    return [{ way: 'tcp', held: this.held, detail: 'connect' }]
  }

  readonly revert: Responder['revert'] = async () => {
    this.reverts += 1
    return this.isAway ? { status: 'failed', detail: 'it is away' } : { status: 'done', detail: 'released' }
  }
}

/** Plans on a log in memory, each confirmed at the time 0, with whoever carries them out. */
class Desks {
  readonly told: Notice[] = []
  readonly leaks: string[] = []
  readonly errors: string[] = []
  readonly log: ControlRecord[] = []
  now = 0n as UnixNano
  readonly book: PlanBook
  readonly keeper: PlanKeeper

  constructor(desks: readonly Desk[]) {
    const clock = (): UnixNano => this.now
    this.book = new PlanBook({
      recorder: {
        appendControl: async (record: ControlRecord) => {
          this.log.push(record)
          return { from: this.log.length - 1, to: this.log.length } as never // what the book reads of it
        },
      },
      reader: { controls: () => [] as never, entry: () => undefined },
      clock,
    })
    this.keeper = new PlanKeeper({
      book: this.book,
      responders: desks,
      cases: { noteAction: async () => undefined as never },
      clock,
      onError: (error) => void this.errors.push(String(error)),
      plans: { inTurn: (_, act) => act() },
      notices: { tell: async (notice) => void this.told.push(notice) },
      onLeak: ({ hash }) => void this.leaks.push(hash),
    })
  }

  /** A plan of one hold by each provider, as far as it came. */
  async plan(providers: readonly string[], ttlMs: number, until: 'requested' | 'confirmed' = 'confirmed') {
    const steps = providers.map((provider) => planStep({ id: `rung/${provider}`, provider, ttlMs }))
    const { made } = keptPlan({ steps }, 0)
    const hash = planHash(made.plan)
    const of = { hash, incident: made.plan.incident }
    await this.book.write(of, made, 'anna')
    await this.book.write(of, { do: 'applying' }, 'anna')
    for (const { id } of steps) {
      await this.book.write(of, { do: 'step', step: { kind: 'requested', step: id } }, undefined)
      if (until === 'requested') continue
      const outcome = { status: 'done', detail: 'held' } as const
      const probes = [{ way: 'tcp', held: true, detail: 'connect' }]
      await this.book.write(of, { do: 'step', step: { kind: 'answered', step: id, outcome } }, undefined)
      await this.book.write(of, { do: 'step', step: { kind: 'probed', step: id, probes } }, undefined)
    }
    return hash
  }

  async passed(ms: number): Promise<void> {
    this.now = (this.now + BigInt(ms) * MS) as UnixNano
    await this.keeper.tick()
  }

  step(hash: string) {
    return this.book.find(hash)?.outcome.steps[0]
  }
}

const DAY = 86_400_000

test('that a confirmed hold can no longer be looked at is on record once, shown, and no leak', async () => {
  const desk = new Desk()
  const desks = new Desks([desk])
  const hash = await desks.plan(['desk'], DAY)
  const before = desks.log.length
  desk.isAway = true
  for (let minute = 0; minute < 5; minute++) await desks.passed(PROBE_EVERY_MS)
  expect(desks.log).toHaveLength(before + 1)
  expect(desks.step(hash)).toMatchObject({ state: 'confirmed', effect: 'probed' })
  expect(desks.step(hash)?.detail).toContain('since then nothing could be tried: it is away')
  expect(desks.leaks).toEqual([])
  desk.isAway = false
  await desks.passed(PROBE_EVERY_MS)
  expect(desks.step(hash)?.detail).toBe('1 probes found it held: tcp')
  desk.held = false
  await desks.passed(PROBE_EVERY_MS)
  expect(desks.leaks).toEqual([hash])
})

test('however often a hold is lost sight of, what is held of its records does not grow', async () => {
  const desk = new Desk()
  const desks = new Desks([desk])
  const hash = await desks.plan(['desk'], DAY)
  for (let minute = 0; minute < 50; minute++) {
    desk.isAway = !desk.isAway
    await desks.passed(PROBE_EVERY_MS)
  }
  expect(desks.book.find(hash)?.steps.length).toBeLessThan(6)
  expect(desks.step(hash)).toMatchObject({ state: 'confirmed' })
})

test('a release that is refused is tried ever more rarely, recorded and told once, and then done', async () => {
  const desk = new Desk()
  const desks = new Desks([desk])
  const hash = await desks.plan(['desk'], 1_000)
  desk.isAway = true
  await desks.passed(1_000)
  expect(desks.told.map(({ title }) => title)).toEqual(['a hold that is over could not be released'])
  const recorded = desks.log.length
  const tries = desk.reverts
  for (let passed = 0; passed < 3_600_000; passed += RETRY_MS) await desks.passed(RETRY_MS)
  expect(desk.reverts - tries).toBeLessThan(15)
  expect(desk.reverts - tries).toBeGreaterThan(5)
  expect(desks.log).toHaveLength(recorded)
  expect(desks.told).toHaveLength(1)
  desk.isAway = false
  await desks.passed(RETRY_MOST_MS)
  expect(desks.step(hash)?.state).toBe('released')
  expect(desks.told.map(({ kind }) => kind)).toEqual(['plan-failed', 'hold-ended'])
  expect(desks.errors).toEqual([])
})

test('a system that does not answer holds up no plan of another', async () => {
  const slow = new Desk('slow')
  const quick = new Desk('quick')
  const desks = new Desks([slow, quick])
  const waiting = Promise.withResolvers<void>()
  slow.until = waiting.promise
  await desks.plan(['slow'], DAY)
  const hash = await desks.plan(['quick'], 120_000)
  desks.now = (BigInt(PROBE_EVERY_MS) * MS) as UnixNano
  desks.keeper.begin()
  desks.now = (121_000n * MS) as UnixNano
  // The slow one is still asked; who looks again finds the other due.
  await expect.poll(() => (desks.keeper.begin(), desks.step(hash)?.state), { timeout: 60_000 }).toBe('released')
  waiting.resolve()
  await desks.keeper.idle()
})

test('what a program that died left under way is told of once it is settled', async () => {
  const desk = new Desk()
  const desks = new Desks([desk])
  desk.held = false
  const hash = await desks.plan(['desk'], DAY, 'requested')
  await desks.passed(1_000)
  expect(desks.step(hash)).toMatchObject({ state: 'failed', effect: 'none' })
  expect(desks.told.map(({ kind }) => kind)).toEqual(['plan-failed'])
  expect(desks.leaks).toEqual([hash])
})

test('who was away and is back is asked at the next turn, and nobody else', async () => {
  const desk = new Desk('desk')
  const other = new Desk('other')
  const desks = new Desks([desk, other])
  const [hash, another] = [await desks.plan(['desk'], 1_000), await desks.plan(['other'], 1_000)]
  desk.isAway = other.isAway = true
  for (let i = 0; i < 10; i += 1) await desks.passed(RETRY_MOST_MS)
  await desks.passed(1_000)
  desk.isAway = other.isAway = false
  desks.keeper.isBack('desk')
  await desks.passed(1_000)
  expect(desks.step(hash)?.state).toBe('released')
  expect(desks.step(another)?.state).not.toBe('released')
})

test('a hold that a person could not try or not release has not ended; one of which a try got through or a part ended has', async () => {
  const plan: ContainmentRecord['plan'] = {
    target: 'desk-1',
    agent: 'host:story/desk-1',
    agentName: 'desk-1',
    sensor: 's-1',
    paths: ['a', 'b'],
    rung: 'soft-quarantine',
    reason: 'r',
    ttlMs: DAY,
    allow: [],
    evidence: { logSize: 1, rootHash: '', completeness: 1 },
  }
  const failed = (hash: string, by: string, detail: string, checks: ContainmentRecord['checks'] = []) =>
    ({
      containment: 'c-1',
      state: 'failed',
      by,
      planHash: '',
      plan,
      detail,
      checks,
      response: { plan: hash, step: 'rung/desk' },
    }) as const
  const desks = new Desks([new Desk()])
  const hash = await desks.plan(['desk'], DAY)
  await desks.keeper.noteContainment(failed(hash, 'anna', 'not released: sensor s-1 is not connected'))
  const held = [{ way: 'tcp4', held: true, detail: 'EPERM' }]
  await desks.keeper.noteContainment(failed(hash, 'anna', 'tried again by hand: b: sensor s-1 gave no answer', held))
  expect(desks.step(hash)).toMatchObject({ state: 'confirmed', effect: 'probed' })
  expect([desks.told, desks.leaks]).toEqual([[], []])
  await desks.keeper.noteContainment(failed(hash, 'sensor s-1', 'b expired; 1 of 2 are held'))
  expect(desks.step(hash)).toMatchObject({ state: 'failed', effect: 'leaks' })
  expect(desks.told.map(({ kind }) => kind)).toEqual(['hold-ended'])
  const other = await desks.plan(['desk'], DAY - 1)
  const open = [{ way: 'tcp4', held: false, detail: 'connected' }]
  await desks.keeper.noteContainment(failed(other, 'anna', 'tried again by hand: got through: tcp4', open))
  expect(desks.step(other)).toMatchObject({ effect: 'leaks' })
  expect(desks.leaks).toEqual([hash, other])
})
