import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { DriftChange, DriftDecision } from '@holdfast/model'
import { driftOf } from './drift-of.ts'
import type { Execution } from './execution.ts'
import { byPriority } from './priority.ts'
import {
  daysOf,
  execution,
  EXPORT,
  judged,
  LOOKUP,
  QUIET,
  quietDays,
  recorded,
  TICKET,
  type Deed,
} from './testing/days.ts'

const DAY = 86_400_000_000_000n
const rowOf = ({ signals: { deployment, continuity, bounds } }: DriftChange): string =>
  [deployment, continuity, bounds].map(({ holds }) => (holds ? '1' : '0')).join('')
const shown = ({ changes }: { readonly changes: readonly DriftChange[] }) =>
  changes.map((change) => `${rowOf(change)} ${change.verdict} ${change.side} ${change.severity} ${change.what}`)
const NEW_TOOL: readonly Deed[] = [...TICKET, ['tool', 'order.status'], ['tool-order', 'ticket.read -> order.status']]
const toTool = {
  change: 'tool-catalogue',
  subject: 'desk-server',
  to: 'order.status',
  approver: 'k.osei',
  changeId: 'REL-3',
}

test('days that go on as before are no change, the Monday export among them', () => {
  expect(
    shown(
      judged(
        quietDays(QUIET + 14)
          .slice(QUIET)
          .flat(),
      ),
    ),
  ).toEqual([])
})

test('each of the eight rows comes out of a profile and what followed', () => {
  const large = { calls: 40, tokens: 90_000 }
  const stolen: readonly Deed[] = [...NEW_TOOL, ['destination', 'drop.example.net:443']]
  const rows = (deeds: readonly Deed[], amounts: object, isRecorded: boolean) =>
    judged([execution(QUIET, 9, deeds, amounts)], isRecorded ? [recorded(QUIET, 8, toTool)] : [])
  const ofTool = (drift: ReturnType<typeof judged>) => {
    const change = drift.changes.find(({ dimension }) => dimension === 'tool')
    return change === undefined
      ? 'none'
      : `${rowOf(change)} ${change.verdict} ${change.side} ${change.severity} ${change.standing}`
  }
  expect(ofTool(rows(NEW_TOOL, {}, true))).toBe('111 expected-evolution evolution none accepted')
  expect(ofTool(rows(NEW_TOOL, large, true))).toBe('110 probable-evolution evolution low review')
  expect(ofTool(rows(NEW_TOOL, { rows: 5_000 }, true))).toBe('110 suspicious-despite-event risky medium open')
  expect(ofTool(rows([...EXPORT, ...NEW_TOOL], {}, true))).toBe('101 correlated-broken risky medium open')
  expect(ofTool(rows(stolen, {}, true))).toBe('101 correlated-broken risky medium open')
  expect(ofTool(rows(stolen, large, true))).toBe('100 suspicious-despite-event risky high open')
  expect(ofTool(rows(NEW_TOOL, {}, false))).toBe('011 unexplained risky low held')
  expect(ofTool(rows(NEW_TOOL, large, false))).toBe('010 suspicious risky medium open')
  expect(ofTool(rows(stolen, {}, false))).toBe('001 suspicious risky medium open')
  expect(ofTool(rows(stolen, large, false))).toBe('000 drift risky high open')
})

test('REC-3 an explained change links the event and who approved it', () => {
  const [change] = judged([execution(QUIET, 9, NEW_TOOL)], [recorded(QUIET, 8, toTool)]).changes
  expect(change?.change).toMatchObject({
    change: 'tool-catalogue',
    changeId: 'REL-3',
    approver: 'k.osei',
    entry: 9_016,
  })
  expect(change?.signals.deployment.entries).toEqual([9_016])
})

test('an event counts from a day before to ten minutes after, and replicas and restarts explain nothing', () => {
  const at = (hour: number, day = QUIET, change: object = toTool) =>
    judged([execution(QUIET, 12, NEW_TOOL)], [recorded(day, hour, change)]).changes[0]?.side
  expect(at(12.15)).toBe('evolution')
  expect(at(12.2)).toBe('risky')
  const release = { approver: 'k.osei' }
  expect(at(12.01, QUIET - 1, release)).toBe('evolution')
  expect(at(11.9, QUIET - 1, release)).toBe('risky')
  for (const change of ['replicas', 'restart']) expect(at(11, QUIET, { change })).toBe('risky')
})

test('REC-4 a rollout launders neither identity nor data nor egress; an approved grant that names them does', () => {
  const rollout = [
    recorded(QUIET, 8, { change: 'deploy', approver: 'k.osei' }),
    recorded(QUIET, 8, { change: 'image', approver: 'k.osei' }),
  ]
  const reach: readonly (readonly [Deed, string])[] = [
    [['identity', 'admin (role)'], 'admin'],
    [['retrieval-source', 'payroll'], 'payroll'],
    [['destination', 'drop.example.net:443'], 'drop.example.net'],
  ]
  for (const [deed, name] of reach) {
    const after = [execution(QUIET, 8.1, [...TICKET, deed])]
    expect(judged(after, rollout).changes).toMatchObject([{ side: 'risky', signals: { deployment: { holds: false } } }])
    const grant = recorded(QUIET, 8, { change: 'grant', subject: `use of ${name}`, approver: 'k.osei' })
    expect(judged(after, [...rollout, grant]).changes).toMatchObject([
      { side: 'evolution', verdict: 'expected-evolution' },
    ])
    expect(judged(after, [recorded(QUIET, 8, { change: 'grant', subject: `use of ${name}` })]).changes).toMatchObject([
      { side: 'risky' },
    ])
  }
})

test('REC-4 what else comes in the shadow of a rollout that says what it brings is not explained by it', () => {
  const drift = judged(
    [execution(QUIET, 8.2, [...NEW_TOOL, ['tool', 'admin.grant']])],
    [recorded(QUIET, 8, toTool), recorded(QUIET, 8, {})],
  )
  expect(drift.changes.filter(({ side }) => side === 'risky').map(({ key }) => key)).toContain('admin.grant')
  expect(drift.changes.find(({ key }) => key === 'admin.grant')?.signals.deployment.holds).toBe(false)
})

test('the export of a hijacked ticket is 0 0 0, also five minutes after an approved rollout', () => {
  const attack = execution(QUIET, 8 + 5 / 60, [...LOOKUP, ...EXPORT], { calls: 26, rows: 2_400, tokens: 40_000 })
  for (const changes of [[], [recorded(QUIET, 8, { approver: 'k.osei' })]]) {
    const risky = judged([attack], changes).changes.filter(({ side }) => side === 'risky')
    expect(risky.map(rowOf)).toContain('000')
    expect(risky.some(({ severity, subject }) => severity === 'high' && subject === 'data')).toBe(true)
  }
})

test('another text under the name of a tool is no part of the rollout beside it', () => {
  const known = execution(3, 12, [
    ['tool-definition', 'desk/ticket.read aaaa'],
    ['tool-definition', 'desk/crm.query bbbb'],
  ])
  const other = execution(QUIET, 9, [
    ...NEW_TOOL,
    ['tool-definition', 'desk/ticket.read cccc'],
    ['tool-definition', 'desk/order.status dddd'],
  ])
  const { changes } = judged([known, other], [recorded(QUIET, 8, toTool)])
  expect(changes.filter(({ side }) => side === 'risky')).toMatchObject([
    { kind: 'definition', key: 'desk/ticket.read cccc' },
  ])
})

test('REC-6 a sequence of tool, data and egress is drift although each step is known and within bounds', () => {
  const steps: readonly Deed[] = [...LOOKUP, ['tool', 'export.write'], ['destination', 'exports.example.test:443']]
  const { changes } = judged([execution(QUIET, 9, steps)])
  expect(changes).toMatchObject([
    { kind: 'sequence', subject: 'sequence', side: 'risky', severity: 'medium', verdict: 'suspicious' },
  ])
  expect(changes[0]?.signals.bounds.holds).toBe(true)
  expect(judged([execution(QUIET, 9, LOOKUP), execution(QUIET, 10, EXPORT, { calls: 3, rows: 220 })]).changes).toEqual(
    [],
  )
})

test('REC-5 identity comes before data, tool and model, and an unexplained model before all that is explained', () => {
  const changes = [
    execution(QUIET, 9, [...TICKET.slice(1), ['identity', 'admin (role)']]),
    execution(QUIET, 10, [...TICKET, ['retrieval-source', 'payroll']]),
    execution(QUIET, 11, NEW_TOOL),
    execution(QUIET, 12, [...TICKET.filter(([dimension]) => dimension !== 'model'), ['model', 'other-7b']]),
  ]
  const unexplained = judged(changes).changes
  expect(unexplained.map(({ subject }) => subject)).toEqual(['identity', 'data', 'tool', 'model'])
  const grants = ['admin', 'payroll'].map((name) =>
    recorded(QUIET, 8, { change: 'grant', subject: name, approver: 'k.osei' }),
  )
  const mixed = judged(changes, [...grants, recorded(QUIET, 8, toTool)]).changes.toSorted(byPriority)
  expect(mixed.map(({ subject }) => subject)).toEqual(['model', 'identity', 'data', 'tool'])
})

test('REC-10 the first pod of a new version is judged at once, in the profile of its Deployment', () => {
  const first = execution(QUIET, 8.01, [...NEW_TOOL, ['destination', 'drop.example.net:443']], { rows: 4_000 })
  const { changes, judgedFrom } = judged(
    [first],
    [recorded(QUIET, 8, { ...toTool, change: 'deploy', to: 'revision 5' })],
  )
  expect(judgedFrom).toBe(14)
  expect(changes.find(({ subject }) => subject === 'egress')).toMatchObject({ side: 'risky', severity: 'medium' })
})

test('what is back after its half-life is a change, and what comes once a month is none the next time', () => {
  const monthly = [1, 33, 65].map((day) => execution(day, 12, [...TICKET, ['tool', 'month.close']]))
  const { changes } = judged([...quietDays(66).slice(QUIET).flat(), ...monthly])
  expect(changes.filter(({ key }) => key === 'month.close')).toMatchObject([
    { kind: 'returned', at: expect.stringContaining('1970-02-03') as string },
  ])
})

test('a change waits a week for its event; one that comes late is as if it had been there, and without one it lapses', () => {
  const after = [execution(QUIET, 9, NEW_TOOL)]
  expect(judged(after).changes).toMatchObject([{ standing: 'held', until: '1970-01-24T09:00:04Z' }])
  expect(judged(after, [], { asOf: BigInt(QUIET + 8) * DAY }).changes).toMatchObject([
    { standing: 'lapsed', side: 'risky' },
  ])
  expect(judged(after, [recorded(QUIET, 8, toTool)], { asOf: BigInt(QUIET + 8) * DAY }).changes).toMatchObject([
    { side: 'evolution' },
  ])
})

test('what a person calls evolution is in the profile from its first time on, and what they call risky stays out', () => {
  const after = [
    execution(QUIET, 9, NEW_TOOL),
    ...[1, 2, 3].map((i) => execution(QUIET + i, 9, [...NEW_TOOL, ['destination', 'crm.example.test:443']])),
  ]
  const [change] = judged(after).changes
  const said = (verdict: 'evolution' | 'risky'): DriftDecision => ({
    verdict,
    by: 'kim',
    reason: 'known',
    at: '',
    entry: 1,
  })
  const decided = (verdict: 'evolution' | 'risky') =>
    judged(after, [], { decisions: new Map([[change?.id ?? '', said(verdict)]]) })
  expect(decided('evolution').changes[0]).toMatchObject({
    side: 'evolution',
    standing: 'accepted',
    verdict: 'unexplained',
    decision: { by: 'kim' },
  })
  expect(decided('risky').changes[0]).toMatchObject({ side: 'risky', standing: 'open', times: 4 })
})

test('a profile of fewer than fourteen days says nothing is new', () => {
  const days = daysOf([...quietDays(13).flat(), execution(13, 9, NEW_TOOL)])
  const input = {
    agent: 'a',
    limits: { novelty: 0.02, halfLifeDays: 14 },
    changes: [],
    decisions: new Map(),
    isTainted: () => false,
    asOf: 14n * DAY,
  }
  expect(driftOf(days, input)).toMatchObject({ changes: [], judgedFrom: undefined, days: 14 })
})

test('in whatever order executions and changes come, the verdicts are the same', () => {
  const follows = [
    execution(QUIET, 9, NEW_TOOL),
    execution(QUIET, 9.5, [...LOOKUP, ...EXPORT], { rows: 2_400 }),
    execution(QUIET, 10, [...TICKET, ['destination', 'drop.example.net:443']]),
    execution(QUIET + 1, 9, [...TICKET, ['identity', 'admin (role)']], { tokens: 9_000 }),
  ]
  const all: readonly Execution[] = [...quietDays(QUIET).flat(), ...follows]
  const changes = [
    recorded(QUIET, 8, toTool),
    recorded(QUIET, 8, {}),
    recorded(QUIET, 9.9, { change: 'grant', subject: 'drop.example.net', approver: 'x' }),
  ]
  const input = {
    agent: 'a',
    limits: { novelty: 0.02, halfLifeDays: 14 },
    decisions: new Map(),
    isTainted: () => false,
    asOf: 18n * DAY,
  }
  const expected = driftOf(daysOf(all), { ...input, changes })
  expect(expected.changes.length).toBeGreaterThan(3)
  fc.assert(
    fc.property(
      fc.shuffledSubarray([...all], { minLength: all.length }),
      fc.shuffledSubarray(changes, { minLength: changes.length }),
      (shuffled, told) => {
        expect(driftOf(daysOf(shuffled), { ...input, changes: told })).toEqual(expected)
      },
    ),
    { numRuns: 40 },
  )
})
