import { CAPABILITIES, DIAGNOSTIC_QUESTIONS, PROVIDER_CONSTRAINTS } from '@holdfast/model'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { diagnose, verdictsOf } from './diagnostic.ts'
import type { DiagnosticFacts } from './facts.ts'
import { envelope, wholeFacts } from './testing/facts.ts'

const verdicts = (facts: DiagnosticFacts) => verdictsOf(diagnose(facts))
const missingOf = (facts: DiagnosticFacts, id: string) =>
  [...diagnose(facts).questions, ...diagnose(facts).capabilities]
    .find((one) => one.id === id)
    ?.checks.filter(({ outcome }) => outcome !== 'met')
    .map(({ reason }) => reason)
    .join('; ')

test('an agent of which everything is shown gives five yes and nine covered', () => {
  const { questions, capabilities } = verdicts(wholeFacts())
  expect(new Set(Object.values(questions))).toEqual(new Set(['yes']))
  expect(new Set(Object.values(capabilities))).toEqual(new Set(['covered']))
  expect(Object.keys(questions)).toEqual(DIAGNOSTIC_QUESTIONS)
  expect(Object.keys(capabilities)).toEqual(CAPABILITIES)
  expect(diagnose(wholeFacts()).phases).toEqual({
    declare: 'covered',
    observe: 'covered',
    enforce: 'covered',
    reconcile: 'covered',
  })
})

test('an agent of which nothing was recorded gives five no and nine missing, each with its reason', () => {
  const { target } = wholeFacts()
  const nothing: DiagnosticFacts = {
    target,
    inventory: undefined,
    convergence: undefined,
    scope: undefined,
    envelopes: undefined,
    drift: undefined,
    audit: undefined,
    gaps: [],
    gapsCut: 0,
  }
  const { questions, capabilities } = verdicts(nothing)
  expect(new Set(Object.values(questions))).toEqual(new Set(['no']))
  expect(new Set(Object.values(capabilities))).toEqual(new Set(['missing']))
  for (const { checks } of diagnose(nothing).capabilities) for (const { reason } of checks) expect(reason).not.toBe('')
})

test('REC-12 what no log entry shows is no pass, whatever is claimed', () => {
  const facts = wholeFacts()
  const { inventory, convergence } = facts
  if (inventory === undefined || convergence === undefined) throw new TypeError('whole facts lack a part')
  const bare = {
    ...facts,
    inventory: { ...inventory, parts: inventory.parts.map((part) => ({ ...part, entries: [] })) },
    convergence: { ...convergence, entries: [] },
  }
  const { capabilities } = verdicts(bare)
  expect(capabilities).toMatchObject({ C1: 'missing', C2: 'missing', C3: 'missing' })
  expect(missingOf(bare, 'C1')).toContain('no log entry shows it')
})

test('a gap in a stream of the window turns the yes of its questions into partly, and names the gap', () => {
  const gap = {
    entry: 77,
    from: '2026-10-20T11:30:00Z',
    to: '2026-10-20T11:40:00Z',
    channel: 'otlp',
    reason: 'refused-overload',
    detail: '',
  }
  const { questions } = verdicts({ ...wholeFacts(), gaps: [gap] })
  expect(questions).toMatchObject({ Q1: 'partly', Q2: 'partly', Q4: 'partly', Q3: 'yes', Q5: 'yes' })
  expect(missingOf({ ...wholeFacts(), gaps: [gap] }, 'Q1')).toContain('2026-10-20T11:30:00Z')
  expect(missingOf({ ...wholeFacts(), gaps: [gap] }, 'Q1')).not.toContain('is not known')
  const unread = { ...gap, channel: 'import', reason: 'refused-malformed', isAnyones: true }
  expect(missingOf({ ...wholeFacts(), gaps: [unread] }, 'Q1')).toMatch(
    /1 gap on a way in that \S+ shares with others, and whose records are missing is not known: import /,
  )
  expect(missingOf({ ...wholeFacts(), gaps: [gap, unread] }, 'Q1')).toMatch(/2 gaps, 1 of them on a way in that /)
  const before = { ...gap, from: '2026-08-01T00:00:00Z', to: '2026-08-01T01:00:00Z' }
  expect(verdicts({ ...wholeFacts(), gaps: [before] }).questions).toMatchObject({ Q1: 'yes', Q2: 'yes', Q4: 'yes' })
})

test('a partial profile and one that does not converge are no steady band, and the reason is told', () => {
  const facts = wholeFacts()
  const convergence = facts.convergence
  if (convergence === undefined) throw new TypeError('whole facts lack a profile')
  const partial = { ...facts, convergence: { ...convergence, partial: '3 processes were running before' } }
  expect(verdicts(partial)).toMatchObject({ questions: { Q2: 'partly' }, capabilities: { C3: 'partial' } })
  expect(missingOf(partial, 'Q2')).toContain('3 processes were running before')
  const ageing = {
    ...facts,
    convergence: { ...convergence, status: 'non-convergent' as const, verdict: 'ages instead' },
  }
  expect(missingOf(ageing, 'Q2')).toBe('ages instead')
  const young = { ...facts, convergence: { ...convergence, firstDay: '2026-10-15' } }
  expect(missingOf(young, 'Q2')).toContain('6 of 14 days')
})

test('MGD-1 what the platform of an agent does not show reads constrained, and what it could have reads missing', () => {
  const facts = wholeFacts()
  const { inventory } = facts
  if (inventory === undefined) throw new TypeError('whole facts lack an inventory')
  const hosted: DiagnosticFacts = {
    ...facts,
    target: {
      ...facts.target,
      hostedBy: { kind: 'bedrock', platform: 'Amazon Bedrock', api: 'bedrock:GetAgent', entry: 9 },
    },
    inventory: { ...inventory, parts: [{ kind: 'model', name: 'm', standing: 'declared', entries: [9] }] },
    convergence: undefined,
    envelopes: { own: [envelope({ kind: 'aws-iam' })], others: [], outcomes: [], refusals: [] },
  }
  const { capabilities } = verdicts(hosted)
  expect(capabilities).toMatchObject({ C1: 'constrained', C3: 'constrained', C6: 'constrained', C4: 'covered' })
  expect(missingOf(hosted, 'C1')).toContain('bedrock:GetAgent')
  expect(missingOf(hosted, 'C6')).toContain('the machine takes no network or system call policy')
  const layered = facts.audit?.row
  if (layered === undefined) throw new TypeError('whole facts lack a row')
  const layers = layered.layers.map((layer) =>
    layer.layer === 'kernel'
      ? { ...layer, state: 'constrained' as const, reason: 'the provider runs it', entries: [] }
      : layer,
  )
  const shortened = { ...hosted, audit: { violations: 1, isWhole: true, row: { ...layered, layers } } }
  expect(verdicts(shortened).questions.Q5).toBe('constrained')
})

test('MGD-1 three platforms by nine capabilities: each cell is covered, or names the API that leaves something out', () => {
  for (const kind of ['bedrock', 'vertex', 'foundry'] as const) {
    const { target, ...facts } = wholeFacts()
    const hostedBy = { kind, platform: kind, api: 'GetAgent', entry: 9 }
    const { capabilities } = diagnose({ ...facts, target: { ...target, hostedBy } })
    expect(capabilities).toHaveLength(9)
    for (const { id, verdict, checks } of capabilities) {
      const { means, api } = PROVIDER_CONSTRAINTS[kind][id]
      expect(verdict, `${kind} ${id}`).toBe(means === 'given' ? 'covered' : 'constrained')
      if (means !== 'given')
        expect(checks.filter(({ outcome }) => outcome === 'constrained').map(({ reason }) => reason)[0]).toContain(api)
    }
  }
})

test('two envelopes are no answer without an act that they treat differently, or with a line that lost its ground', () => {
  const facts = wholeFacts()
  const { envelopes } = facts
  if (envelopes === undefined) throw new TypeError('whole facts lack envelopes')
  const alike = {
    ...facts,
    envelopes: { ...envelopes, outcomes: envelopes.outcomes.map((one) => ({ ...one, outcome: 'denied' as const })) },
  }
  expect(verdicts(alike)).toMatchObject({ questions: { Q3: 'partly' }, capabilities: { C7: 'partial', C6: 'covered' } })
  const lost = { ...facts, envelopes: { ...envelopes, own: envelopes.own.map((one) => ({ ...one, lostGround: 1 })) } }
  expect(verdicts(lost)).toMatchObject({ questions: { Q3: 'partly' }, capabilities: { C6: 'partial' } })
  expect(missingOf(lost, 'Q3')).toContain('lost their ground')
  const alone = { ...facts, envelopes: { ...envelopes, others: [] } }
  expect(missingOf(alone, 'C7')).toContain('no other agent')
})

test('REG-6 a silent day, a young profile and an unexplained evolution are no whole report of drift', () => {
  const facts = wholeFacts()
  const { drift } = facts
  if (drift === undefined) throw new TypeError('whole facts lack drift')
  const silent = { ...facts, drift: { ...drift, silent: ['2026-10-05'] } }
  expect(verdicts(silent)).toMatchObject({ questions: { Q4: 'partly' }, capabilities: { C8: 'partial' } })
  expect(missingOf(silent, 'Q4')).toContain('silent on 2026-10-05')
  const { judgedFrom: _, ...young } = drift
  expect(verdicts({ ...facts, drift: young })).toMatchObject({
    questions: { Q4: 'no' },
    capabilities: { C8: 'missing' },
  })
  const { explainedBy: _by, ...bare } = drift.changes[0] ?? { at: '', side: 'evolution', severity: 'none', entries: [] }
  const unexplained = { ...facts, drift: { ...drift, changes: [bare] } }
  expect(missingOf(unexplained, 'Q4')).toContain('1 of 1 change without a linked event')
})

test('without a violation the fifth question is a no, whatever row there is; the audit trail is judged by itself', () => {
  const facts = wholeFacts()
  const { row } = facts.audit ?? {}
  if (row === undefined) throw new TypeError('whole facts lack a row')
  const { violated: _, ...other } = row
  expect(verdicts({ ...facts, audit: { violations: 0, isWhole: true, row: other } })).toMatchObject({
    questions: { Q5: 'no' },
    capabilities: { C9: 'covered' },
  })
  const quiet = other.layers.map((layer) =>
    layer.layer === 'egress' ? { ...layer, state: 'absent' as const, isExpected: false, entries: [] } : layer,
  )
  expect(
    verdicts({ ...facts, audit: { violations: 1, isWhole: true, row: { ...row, layers: quiet } } }).questions.Q5,
  ).toBe('yes')
})

test('taking any part of the facts away never makes a verdict better', () => {
  const rank = { no: 0, missing: 0, partly: 1, partial: 1, constrained: 2, yes: 3, covered: 3 } as const
  const parts = ['inventory', 'convergence', 'scope', 'envelopes', 'drift', 'audit'] as const
  const whole = verdicts(wholeFacts())
  fc.assert(
    fc.property(fc.subarray([...parts]), (gone) => {
      const facts = { ...wholeFacts(), ...Object.fromEntries(gone.map((part) => [part, undefined])) }
      const left = verdicts(facts)
      for (const id of DIAGNOSTIC_QUESTIONS)
        expect(rank[left.questions[id]]).toBeLessThanOrEqual(rank[whole.questions[id]])
      for (const id of CAPABILITIES)
        expect(rank[left.capabilities[id]]).toBeLessThanOrEqual(rank[whole.capabilities[id]])
    }),
  )
})
