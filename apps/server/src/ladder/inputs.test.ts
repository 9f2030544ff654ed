import type { Answer, IncidentWire } from '@holdfast/api'
import { rungChoices, selectRung } from '@holdfast/respond'
import { expect, test } from 'vitest'
import { ladderInputs } from './inputs.ts'
import { decisionWire } from './wire.ts'

const EVIDENCE: Answer<'getIncidentEvidence'> = {
  incident: 'inc-1',
  conversations: ['c'],
  artifacts: [],
  completeness: 1,
}

/** Of an incident only what the ladder looks at. */
function incident(change: Partial<IncidentWire> = {}): IncidentWire {
  return {
    id: 'inc-1',
    outcome: 'incident',
    type: 'privilege-boundary-escape',
    contributing: [],
    confidence: 0.8,
    tier: 'provider',
    agents: ['payments/refund-agent'],
    actors: ['payments/refund-agent'],
    actorTiers: [{ agent: 'payments/refund-agent', tier: 'provider' }],
    harmfulActs: [],
    columns: [],
    graph: { nodes: [], edges: [], cut: 0 },
    ...change,
  } as unknown as IncidentWire
}

const NOBODY_SAID: Parameters<typeof ladderInputs>[0]['stated'] = {
  isLive: 'unknown',
  isRestartable: 'unknown',
  isReversible: 'unknown',
  lifeSafety: undefined,
  reportable: [],
}

type Sources = Parameters<typeof ladderInputs>[0]

function decided(found: IncidentWire, told: Sources['told'], more: Partial<Sources> = {}) {
  const { inputs, lines } = ladderInputs({
    incident: found,
    evidence: EVIDENCE,
    isSealed: true,
    stated: NOBODY_SAID,
    duties: [],
    failedProbe: undefined,
    told,
    ...more,
  })
  const decision = selectRung(inputs)
  const rungs = rungChoices(decision, inputs).map((choice) => ({ ...choice, duties: [] }))
  return decisionWire(found, decision, { lines, rungs, whyNoPlan: undefined })
}

test('what nobody told or saw is unknown, and a person decides', () => {
  const decision = decided(incident(), {})
  expect(decision.assumptions).toHaveLength(4)
  expect(decision.steps[0]?.approval.kind).toBe('people')
  expect(decision.inputs.filter(({ from }) => from === 'not-known').map(({ name }) => name)).toEqual([
    'live',
    'restartable',
    'harm',
    'reversible',
    'lives depend on it',
  ])
})

test('once everything is told the row is that of the table', () => {
  const told = { live: 'yes', restartable: 'no', harm: 'fast', reversible: 'no' } as const
  expect(decided(incident(), told)).toMatchObject({
    row: { number: 7 },
    rung: 'soft-quarantine',
    deadlineMs: 60_000,
    steps: [{ approval: { kind: 'automatic' } }],
  })
  expect(decided(incident(), { ...told, duties: 'us-bank-36h, gdpr-33', narrow: 'tool refund' })).toMatchObject({
    rung: 'restrict',
    duties: ['us-bank-36h', 'gdpr-33'],
  })
})

test('how far an escape came is read from what the kernel saw, and is never seen to have stayed inside', () => {
  const escape = (signal: string): IncidentWire =>
    incident({
      type: 'runtime-execution-escape',
      tier: 'kernel',
      columns: [{ type: 'runtime-execution-escape', for: [{ signal }] }] as unknown as IncidentWire['columns'],
    })
  const reach = (signal: string) => decided(escape(signal), {}).inputs.find(({ name }) => name === 'reach')
  expect(reach('kernel/namespace-entry.evt-1')).toMatchObject({ value: 'host', from: 'seen' })
  expect(reach('kernel/shared-file.evt-1')).toMatchObject({ value: 'neighbour', from: 'seen' })
  expect(reach('kernel/secret-read.evt-1')).toMatchObject({ value: 'unknown', from: 'not-known' })
  expect(decided(escape('kernel/secret-read.evt-1'), {}).row.number).toBe(5)
})

const NODES = [
  { id: 'n1', agent: 'triage' },
  { id: 'n2', agent: 'records' },
  { id: 'n3', agent: 'report' },
]

test('receivers are read from hand-overs: one of the incident is cut off, another one is swept', () => {
  const graph = {
    nodes: NODES,
    edges: [
      { from: 'n1', to: 'n2', kind: 'delegated', basis: 'trace' },
      { from: 'n1', to: 'n3', kind: 'delegated', basis: 'trace' },
    ],
    cut: 0,
  } as unknown as IncidentWire['graph']
  const decision = decided(incident({ agents: ['triage', 'records'], graph }), {})
  expect(decision.receivers.map((duty) => [duty.receiver, duty.do])).toEqual([
    ['records', 'cut-and-sweep'],
    ['report', 'sweep'],
  ])
})

test('agents of one incident between which no hand-over is known are all swept', () => {
  const decision = decided(incident({ agents: ['b', 'a'] }), {})
  expect(decision.receivers.map((duty) => [duty.receiver, duty.do])).toEqual([
    ['a', 'sweep'],
    ['b', 'sweep'],
  ])
})

test('what was stated of the agent and seen of its acts needs no flag: seven refunds of a live agent go to row 7 by themselves', () => {
  const acts = Array.from({ length: 7 }, (_, at) => String(1_790_000_000_000_000_000n + BigInt(at) * 90_000_000_000n))
  const stated = { ...NOBODY_SAID, isLive: true, isRestartable: false, isReversible: false } as const
  const decision = decided(incident({ harmfulActs: acts }), {}, { stated })
  expect(decision).toMatchObject({
    row: { number: 7 },
    deadlineMs: 60_000,
    assumptions: [],
    steps: [{ approval: { kind: 'automatic' } }],
  })
  expect(decision.inputs).toContainEqual({ name: 'harm', value: 'fast, by 7 acts', from: 'seen' })
  expect(decision.inputs).toContainEqual({ name: 'live', value: 'yes', from: 'stated' })
  // What is told for this answer goes before both.
  expect(decided(incident({ harmfulActs: acts }), { live: 'no', restartable: 'no' }, { stated }).row.number).toBe(11)
})

test('a regime that is on, and the word of a person that stopping is reportable, are duties', () => {
  expect(decided(incident(), {}, { duties: ['us-bank-36h'] }).duties).toEqual(['us-bank-36h'])
  const stated = { ...NOBODY_SAID, reportable: ['payments/refund-agent'] }
  expect(decided(incident(), {}, { stated }).duties).toEqual(['stated-reportable'])
})

test('a probe of a plan that got through climbs a rung, without a flag', () => {
  const decision = decided(
    incident(),
    { live: 'yes', harm: 'fast', reversible: 'no' },
    { failedProbe: 'soft-quarantine' },
  )
  expect(decision.rung).toBe('pause')
})

test('the whole ladder is shown, one rung of it is the chosen one, and only what cannot be undone loses artifacts', () => {
  const { rung, rungs } = decided(incident(), {})
  expect(rungs.map(({ code }) => code)).toEqual(['R0', 'R1', 'R2', 'R3', 'R4', 'R5'])
  expect(rungs.filter(({ standing }) => standing === 'chosen').map((one) => one.rung)).toEqual([rung])
  expect(rungs.filter(({ loses }) => loses.length > 0).every(({ isReversible }) => !isReversible)).toBe(true)
  expect(rungs.map(({ ttlMs }) => ttlMs > 0)).toEqual([false, true, true, true, false, false])
})
