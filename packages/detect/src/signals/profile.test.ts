import type { AgentClass, EventBody } from '@holdfast/model'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { KnownChange } from '../known/case-context.ts'
import { content, Told } from '../testing/told.ts'
import { knownAs, type Past } from '../testing/known.ts'
import { profileSignals } from './profile.ts'

const SUPPORT: Past = {
  entries: { tool: ['read_ticket', 'export_write', 'refund_create', 'lookup'], destination: ['crm.example.test:443'] },
  bounds: { rows: { p99: 220, executions: 300 }, calls: { p99: 8, executions: 300 } },
  values: { 'refund_create $.payee': ['Acme', 'Bolt', 'Cato'], 'lookup $.table': ['prices'] },
}

const found = (told: Told, past: Past = SUPPORT) => profileSignals(told.events, { context: knownAs(past) })
const detectorsOf = (told: Told, past?: Past) => found(told, past).signals.map(({ detector }) => detector)
const change = (more: Partial<KnownChange>): KnownChange => ({
  change: 'grant',
  subject: 'payees',
  at: 0n,
  entry: 90,
  approver: 'kim',
  ...more,
})
const reaches = (host: string): EventBody => ({ kind: 'egress', destination: host, port: 443, protocol: 'https' })
const rows = (count: number) => JSON.stringify(Array.from({ length: count }, (_, i) => ({ id: i })))

test('what an agent does all along is no signal, and what it never did is one of its dimension', () => {
  const usual = new Told().calls('read_ticket', { id: 7 }, 'text').body(reaches('crm.example.test'))
  expect(found(usual)).toMatchObject({ signals: [], excused: [], unknown: [] })
  const unusual = new Told().calls('delete_user', { id: 7 }, 'gone').body(reaches('mirror.example.test'))
  expect(detectorsOf(unusual).toSorted()).toEqual(['profile/new-destination', 'profile/new-tool'])
})

test('without a profile nothing is new, and the agent is named as unknown', () => {
  const told = new Told().calls('delete_user', { id: 7 }, 'gone')
  const { signals, unknown } = profileSignals(told.events, { context: { ofAgent: () => undefined } })
  expect(signals).toEqual([])
  expect(unknown).toHaveLength(1)
})

test('a dimension in which nothing was ever observed holds nothing new', () => {
  expect(
    detectorsOf(
      new Told()
        .calls('lookup', { table: 'prices' }, '[]')
        .body({ kind: 'delegation', mechanism: 'a2a', to: 'bo', payload: content('x') }),
    ),
  ).toEqual([])
})

test('a profile of some days names no incident: what comes once a week is new to it', () => {
  const told = new Told().calls('refund_create', { payee: 'Eve' }, rows(400)).body(reaches('mirror.example.test'))
  const strongest = (days: number): number =>
    Math.max(...found(told, { ...SUPPORT, days }).signals.map(({ strength }) => strength))
  expect(strongest(42)).toBeGreaterThanOrEqual(0.5)
  expect(strongest(6)).toBeLessThan(0.5)
})

test('a profile that still grows says less than one that has settled', () => {
  const told = new Told().calls('delete_user', { id: 7 }, 'gone')
  const [settled] = found(told).signals
  const [growing] = found(told, { ...SUPPORT, isSettled: false }).signals
  expect(growing?.strength).toBeLessThan(settled?.strength ?? 0)
  const [reads] = found(new Told().calls('read_users', { id: 7 }, 'gone')).signals
  expect(reads?.strength).toBeLessThan(settled?.strength ?? 0)
})

test('what was seen once and long ago is rare, and says less than what is new', () => {
  const past = { ...SUPPORT, rare: ['read_ticket'] }
  expect(found(new Told().calls('read_ticket', {}, ''), past).signals).toMatchObject([
    { detector: 'profile/rare-tool' },
  ])
})

test('one departure colours; several of kinds that tell make a chain, and one new tool with its own host does not', () => {
  const tool = new Told().calls('delete_user', { id: 7 }, 'gone').body(reaches('mirror.example.test'))
  expect(Math.max(...found(tool).signals.map(({ strength }) => strength))).toBeLessThan(0.5)
  const bulk = new Told().calls('lookup', { table: 'prices' }, rows(2_400)).body(reaches('mirror.example.test'))
  const chain = found(bulk).signals.find(({ detector }) => detector === 'profile/chain')
  expect(chain?.strength).toBeGreaterThanOrEqual(0.6)
})

test('records beyond 1.5 times what 99 of a hundred executions take are out of proportion', () => {
  expect(detectorsOf(new Told().calls('lookup', { table: 'prices' }, rows(330)))).toEqual([])
  const signals = found(new Told().calls('lookup', { table: 'prices' }, rows(331))).signals
  expect(signals).toMatchObject([{ detector: 'profile/out-of-proportion-rows', surface: 'S2' }])
  const few = { ...SUPPORT, bounds: { rows: { p99: 220, executions: 19 } } }
  expect(detectorsOf(new Told().calls('lookup', { table: 'prices' }, rows(331)), few)).toEqual([])
})

test('payees never paid before are counted, and one of them alone colours', () => {
  const pays = (...payees: string[]) =>
    payees.reduce((told, payee) => told.calls('refund_create', { payee, amount: 5 }, 'ok'), new Told())
  expect(found(pays('acme', 'Bolt')).signals).toEqual([])
  const [one] = found(pays('Dora')).signals
  expect(one).toMatchObject({ detector: 'profile/new-value', speaksFor: 'privilege-boundary-escape' })
  expect(one?.strength).toBeLessThan(0.5)
  const [many] = found(pays('Dora', 'Eve', 'Finn', 'Gus', 'Hal', 'Ida', 'Jo')).signals
  expect(many?.strength).toBeGreaterThanOrEqual(0.5)
})

test('a chain says first what was done, of many values one, and then how much of it', () => {
  const told = ['Dora', 'Eve', 'Finn', 'Gus', 'Hal'].reduce(
    (so, payee) => so.calls('refund_create', { payee, amount: 5 }, rows(500)),
    new Told(),
  )
  const chain = found(told).signals.find(({ detector }) => detector === 'profile/chain')
  expect(chain?.words).toMatch(
    /^gave “refund_create” the value “\w+” at “\$\.payee”, which [^;]+, and 4 more such values; .+, where 99 of a hundred .+: \d departures from its profile at once$/,
  )
  expect(chain?.title).toBe(
    'called “refund_create” with 5 values of “payee” it never gave before and read 2,500 records in one execution',
  )
  const [one] = found(new Told().calls('refund_create', { payee: 'Dora', amount: 5 }, 'ok')).signals
  expect(one?.title).toBe('called “refund_create” with “Dora” as “payee”, which it never gave before')
})

test('what is done again and again is one signal, and says when it was done last', () => {
  const pays = (times: number) =>
    Array.from({ length: times }).reduce<Told>(
      (told) => told.calls('refund_create', { payee: 'Dora' }, 'ok'),
      new Told(),
    )
  const [one] = found(pays(1)).signals
  expect(one).not.toHaveProperty('lastClaimedAt')
  const told = pays(90)
  const calls = told.events.filter(({ body }) => body.kind === 'tool-call').map(({ claimedAt }) => claimedAt)
  const [signal] = found(told).signals
  expect(signal).toMatchObject({ claimedAt: calls[0], lastClaimedAt: calls.at(-1) })
  expect(signal?.acts).toEqual([calls[0], ...calls.slice(-63)])
  expect(signal?.lastEntry).toBe(told.events.findLast(({ body }) => body.kind === 'tool-call')?.entry)
  expect(Math.max(...(signal?.entries ?? []))).toBeLessThan(signal?.lastEntry ?? 0)
})

test('a call that its own teller says came to nothing is no act, and two who tell of one act tell of one', () => {
  const told = new Told()
    .calls('refund_create', { payee: 'Dora' }, 'ok')
    .calls('refund_create', { payee: 'Dora' }, 'ok')
  const beside = told.events.map((event) => ({
    ...event,
    id: `${event.id}.proxy` as typeof event.id, // another record of the same
    claimedAt: (event.claimedAt + 5n) as typeof event.claimedAt, // later than a time
    source: { ...event.source, tier: 'boundary', channel: 'mcp-proxy' } as const,
  }))
  const signalOf = (events: Told['events']) => profileSignals(events, { context: knownAs(SUPPORT) }).signals[0]
  const [first, , last] = told.events.map(({ claimedAt }) => claimedAt)
  const both = signalOf([...told.events, ...beside])
  expect(both?.acts).toHaveLength(2)
  expect(both?.words).toMatch(/ \(2 times\)$/)
  expect(both?.lastClaimedAt).toBe((last ?? 0n) + 5n)
  const failed = told.events.map((event, at) =>
    at === 3 && event.body.kind === 'tool-result' ? { ...event, body: { ...event.body, error: 'refused' } } : event,
  )
  expect(signalOf(failed)?.claimedAt).toBe(first)
  expect(signalOf(failed)?.lastClaimedAt).toBeUndefined()
})

test('an approved change that names the payees excuses them, and only those; a rollout excuses none', () => {
  const pays = new Told().calls('refund_create', { payee: 'Dora' }, 'ok').calls('refund_create', { payee: 'Eve' }, 'ok')
  const names = change({ to: 'Acme, Bolt, Cato, Dora' })
  const { signals, excused } = found(pays, { ...SUPPORT, changes: [names] })
  expect(excused).toMatchObject([{ entries: [90], speaksFor: 'privilege-boundary-escape' }])
  expect(signals).toMatchObject([{ events: [pays.events[2]?.id] }])
  for (const other of [
    change({ to: 'Doras' }),
    { ...change({ to: 'Dora, Eve' }), approver: ' ' },
    change({ change: 'deploy', to: 'Dora, Eve' }),
    change({ change: 'tool-catalogue', to: 'Dora, Eve' }),
    change({ change: 'restart', to: 'Dora, Eve' }),
    change({ to: 'Dora, Eve', at: 90_000_000_000_000n }),
  ])
    expect(found(pays, { ...SUPPORT, changes: [other] }).excused).toEqual([])
})

test('a rollout explains a new tool and a new model, and no destination', () => {
  const told = new Told().calls('delete_user', { id: 7 }, 'gone').body(reaches('mirror.example.test'))
  const changes = [change({ change: 'deploy', subject: 'v5' })]
  expect(detectorsOf(told, { ...SUPPORT, changes })).toEqual(['profile/new-destination'])
})

test('the order in which events arrive changes nothing', () => {
  const told = new Told()
    .calls('delete_user', { id: 7 }, rows(900))
    .body(reaches('mirror.example.test'))
    .calls('refund_create', { payee: 'Dora' }, 'ok')
    .calls('lookup', { table: 'customers' }, 'ok')
  const context = knownAs(SUPPORT)
  const whole = profileSignals(told.events, { context })
  expect(whole.signals.length).toBeGreaterThan(4)
  fc.assert(
    fc.property(fc.shuffledSubarray([...told.events], { minLength: told.events.length }), (events) => {
      expect(profileSignals(events, { context })).toEqual(whole)
    }),
    { numRuns: 30 },
  )
})

test('what a customer asks for is no word of the owner: a new payee stays new', () => {
  const told = new Told().calls('refund_create', { payee: 'Dora' }, 'ok')
  const of = (name: AgentClass) =>
    profileSignals(told.events, { context: knownAs({ ...SUPPORT, more: { class: name } }), isOrdered: () => true })
  expect(of('transaction').signals).toHaveLength(1)
  expect(of('pipeline')).toMatchObject({ signals: [], excused: [{}] })
})
