import { expect, test } from 'vitest'

import { ladderInputs } from '../testing/ladder-inputs.ts'
import { clockOf, harmSpeedOf } from './clock.ts'
import type { LadderInputs } from './inputs.ts'
import { selectRung } from './select-rung.ts'

const FAST_LASTING = { speed: 'fast', isReversible: false } as const
const SLOW_LASTING = { speed: 'slow', isReversible: false } as const
const FAST_UNDOABLE = { speed: 'fast', isReversible: true } as const
const BATCH = { isLive: false, isRestartable: true } as const
const PARTIAL = { completeness: 0.97, isSealed: true, artifacts: [] } as const

type Story = {
  readonly name: string
  readonly inputs: Partial<LadderInputs>
  readonly row: number
  readonly rungs: readonly string[]
  readonly families: readonly string[]
  readonly ms: number
  readonly approval: string
}

const STORIES: readonly Story[] = [
  {
    name: 'F1, a live agent sends records to a bucket that the company owns',
    inputs: { harm: SLOW_LASTING },
    row: 13,
    rungs: ['soft-quarantine'],
    families: ['context'],
    ms: 300_000,
    approval: 'on-call',
  },
  {
    name: 'F1, the same bucket shared with others',
    inputs: { harm: FAST_LASTING },
    row: 13,
    rungs: ['soft-quarantine'],
    families: ['context'],
    ms: 60_000,
    approval: 'automatic',
  },
  {
    name: 'F2, a batch agent has reached its neighbour and the chain is not complete',
    inputs: {
      type: 'runtime-execution-escape',
      contributing: ['privilege-boundary-escape'],
      confidence: 0.7,
      ...BATCH,
      harm: FAST_UNDOABLE,
      reach: 'neighbour',
      evidence: PARTIAL,
    },
    row: 5,
    rungs: ['pause', 'kill'],
    families: ['isolate', 'authority'],
    ms: 900_000,
    approval: 'on-call',
  },
  {
    name: 'F2b, it has entered the host with a complete chain',
    inputs: { type: 'runtime-execution-escape', confidence: 0.95, ...BATCH, reach: 'host' },
    row: 4,
    rungs: ['kill'],
    families: ['isolate'],
    ms: 60_000,
    approval: 'automatic',
  },
  {
    name: 'F3, rows went to an internal recipient',
    inputs: { confidence: 0.75, harm: FAST_UNDOABLE },
    row: 14,
    rungs: ['restrict'],
    families: ['context'],
    ms: 900_000,
    approval: 'on-call ai-engineering',
  },
  {
    name: 'F4, three clean profiles hand an order on',
    inputs: {
      downstream: [
        { receiver: 'ops/remediation-agent', isTainted: true },
        { receiver: 'ops/report-agent', isTainted: false },
      ],
    },
    row: 13,
    rungs: ['soft-quarantine'],
    families: ['context'],
    ms: 60_000,
    approval: 'automatic',
  },
  {
    name: 'F5, clinical advice was shaped for six weeks',
    inputs: { harm: SLOW_LASTING, lifeSafety: { kind: 'yes', takeover: 'working' } },
    row: 12,
    rungs: ['restrict'],
    families: ['context'],
    ms: 300_000,
    approval: 'service-owner',
  },
  {
    name: 'F6, a live refund agent pays outside its list',
    inputs: { type: 'privilege-boundary-escape', confidence: 0.7 },
    row: 7,
    rungs: ['soft-quarantine'],
    families: ['authority'],
    ms: 60_000,
    approval: 'automatic',
  },
  {
    name: 'F7, a nightly batch writes where it should not, chain complete',
    inputs: { type: 'privilege-boundary-escape', ...BATCH, harm: FAST_UNDOABLE },
    row: 9,
    rungs: ['kill'],
    families: ['authority'],
    ms: 900_000,
    approval: 'on-call',
  },
  {
    name: 'F7, the same with a chain that is not complete',
    inputs: { type: 'privilege-boundary-escape', ...BATCH, harm: FAST_UNDOABLE, evidence: PARTIAL },
    row: 10,
    rungs: ['pause', 'kill'],
    families: ['authority'],
    ms: 900_000,
    approval: 'on-call',
  },
  {
    name: 'F8, poisoned memory spawns a shell',
    inputs: { contributing: ['runtime-execution-escape'] },
    row: 13,
    rungs: ['soft-quarantine'],
    families: ['isolate', 'context'],
    ms: 60_000,
    approval: 'automatic',
  },
  {
    name: 'F9b, a tool description changed beside an approved rollout',
    inputs: { harm: FAST_UNDOABLE },
    row: 14,
    rungs: ['restrict'],
    families: ['context'],
    ms: 900_000,
    approval: 'on-call ai-engineering',
  },
]

for (const { name, inputs, row, rungs, families, ms, approval } of STORIES) {
  test(`${name}: row ${row}`, () => {
    const decision = selectRung(ladderInputs(inputs))
    expect(decision.row.number).toBe(row)
    expect(decision.steps.map(({ rung }) => rung)).toEqual(rungs)
    expect(decision.families).toEqual(families)
    expect(decision.deadline).toEqual({ kind: 'within', ms })
    const first = decision.steps[0]!.approval
    expect(first.kind === 'automatic' ? 'automatic' : first.roles.join(' ')).toBe(approval)
  })
}

test('an attempt is watched the same day, and closing the channel is offered', () => {
  const decision = selectRung(ladderInputs({ outcome: 'attempt', confidence: 0.1 }))
  expect(decision.row.number).toBe(1)
  expect(decision.rung).toBe('watch')
  expect(decision.deadline).toEqual({ kind: 'same-day' })
  expect(decision.cuts).toEqual([])
  expect(decision.offers.map(({ id }) => id)).toEqual(['close-channel'])
})

test('an unsure type with fast lasting harm gets what can be undone of all three families, and a quarter of an hour', () => {
  const decision = selectRung(ladderInputs({ confidence: 0.5 }))
  expect(decision.row.number).toBe(2)
  expect(decision.isProvisional).toBe(true)
  expect(decision.families).toEqual(['isolate', 'authority', 'context'])
  expect(decision.cuts.every(({ isReversible }) => isReversible)).toBe(true)
  expect(decision.classifyWithinMs).toBe(900_000)
  expect(decision.steps[0]!.approval.kind).toBe('automatic')
})

test('a confidence that is no number holds nothing but what an unsure type holds', () => {
  expect(selectRung(ladderInputs({ confidence: Number.NaN })).row.number).toBe(2)
})

test('a slow clock of a live agent narrows its role and nothing else', () => {
  const decision = selectRung(
    ladderInputs({ type: 'privilege-boundary-escape', harm: { speed: 'slow', isReversible: true } }),
  )
  expect(decision.row.number).toBe(8)
  expect(decision.cuts.map(({ id }) => id)).toEqual(['scope-role'])
  expect(decision.deadline).toEqual({ kind: 'within', ms: 14_400_000 })
})

test('a live escape to a neighbour waits for a clean replica no longer than its deadline', () => {
  const decision = selectRung(
    ladderInputs({ type: 'runtime-execution-escape', reach: 'neighbour', isRestartable: false }),
  )
  expect(decision.row.number).toBe(5)
  expect(decision.steps[0]!.gates).toEqual([
    { gate: 'clean-replica', isOpen: false, waits: 'until-deadline', words: 'a clean replica serves first' },
  ])
})

test('an agent that may not be restarted is paused, then drained', () => {
  const decision = selectRung(ladderInputs({ type: 'privilege-boundary-escape', isLive: false, isRestartable: false }))
  expect(decision.row.number).toBe(11)
  expect(decision.steps.map(({ rung }) => rung)).toEqual(['pause', 'stop'])
  expect(decision.steps[1]!.gates.map(({ gate }) => gate)).toEqual(['drained', 'seal'])
})

test('a tainted edge is cut and its receiver swept; a clean one is left alone, an unseen one is swept', () => {
  const { receivers } = selectRung(
    ladderInputs({
      downstream: [
        { receiver: 'b', isTainted: 'unknown' },
        { receiver: 'a', isTainted: true },
        { receiver: 'c', isTainted: false },
        { receiver: 'a', isTainted: false },
      ],
    }),
  )
  expect(receivers.map((duty) => [duty.receiver, duty.do])).toEqual([
    ['a', 'cut-and-sweep'],
    ['b', 'sweep'],
  ])
})

test('where stopping is reportable the softest rung that stops the harm is taken, and compliance approves', () => {
  const decision = selectRung(
    ladderInputs({ type: 'privilege-boundary-escape', ...BATCH, harm: FAST_UNDOABLE, duties: ['us-bank-36h'] }),
  )
  expect(decision.row.number).toBe(9)
  expect(decision.steps.map(({ rung }) => rung)).toEqual(['soft-quarantine'])
  expect(decision.steps[0]!.approval).toMatchObject({ kind: 'people', roles: ['on-call', 'compliance'] })
  expect(decision.duties).toEqual(['us-bank-36h'])
  const narrow = selectRung(ladderInputs({ duties: ['us-bank-36h'], narrow: 'tool refund.create' }))
  expect(narrow.rung).toBe('restrict')
  const escape = selectRung(ladderInputs({ type: 'runtime-execution-escape', reach: 'host', duties: ['us-bank-36h'] }))
  expect(escape.rung).toBe('pause')
  expect(escape.steps[0]!.approval.kind).toBe('people')
})

test('what lives depend on keeps running without reach until people have taken over', () => {
  const stuck = selectRung(
    ladderInputs({
      type: 'runtime-execution-escape',
      reach: 'host',
      lifeSafety: { kind: 'yes', takeover: 'not-tried' },
    }),
  )
  expect(stuck.steps.map(({ rung }) => rung)).toEqual(['soft-quarantine', 'kill'])
  expect(stuck.steps[1]!.gates.find(({ gate }) => gate === 'takeover')?.isOpen).toBe(false)
  expect(stuck.steps[1]!.approval).toMatchObject({ kind: 'people', roles: ['on-call', 'service-owner'] })
})

test('a failed probe climbs one rung by itself up to the pause, and to the stop by a person', () => {
  const paused = selectRung(ladderInputs({ failedProbe: 'soft-quarantine' }))
  expect(paused.rung).toBe('pause')
  expect(paused.steps[0]!.approval.kind).toBe('automatic')
  const stopped = selectRung(ladderInputs({ failedProbe: 'pause' }))
  expect(stopped.rung).toBe('stop')
  expect(stopped.steps[0]!.approval.kind).toBe('people')
})

test('the rungs to both sides say what they would stop, what they would cost and why they were not taken', () => {
  const artifacts = [{ id: 'A2', name: 'Retrieved context', completeness: 0.839 }] as const
  const decision = selectRung(
    ladderInputs({ failedProbe: 'soft-quarantine', evidence: { completeness: 0.839, isSealed: false, artifacts } }),
  )
  expect(decision.softer).toMatchObject({ rung: 'soft-quarantine', evidenceCost: 'none: capture goes on' })
  expect(decision.harder).toMatchObject({
    rung: 'stop',
    evidenceCost: 'memory and open connections are lost; A2 Retrieved context stays at 83 %; nothing is sealed yet',
    whyNot: 'it cannot be undone',
  })
})

test('L5 what is not known is taken as the worse, says so, and makes nothing automatic', () => {
  const decision = selectRung(
    ladderInputs({
      type: 'runtime-execution-escape',
      isLive: 'unknown',
      isRestartable: 'unknown',
      reach: 'unknown',
      harm: { speed: 'unknown', isReversible: 'unknown' },
    }),
  )
  expect(decision.clock).toBe('60 s')
  expect(decision.row.number).toBe(5)
  expect(decision.assumptions).toHaveLength(5)
  expect(decision.steps.every(({ approval }) => approval.kind === 'people')).toBe(true)
})

test('L5 what is not known and changes nothing stands in nobody’s way', () => {
  const decision = selectRung(ladderInputs({ type: 'privilege-boundary-escape', isRestartable: 'unknown' }))
  expect(decision.row.number).toBe(7)
  expect(decision.assumptions).toEqual([])
  expect(decision.steps[0]!.approval.kind).toBe('automatic')
})

test('the clock comes from speed and reversibility', () => {
  expect(clockOf(FAST_LASTING)).toBe('60 s')
  expect(clockOf(SLOW_LASTING)).toBe('5 min')
  expect(clockOf(FAST_UNDOABLE)).toBe('15 min')
  expect(clockOf({ speed: 'slow', isReversible: true })).toBe('4 h')
})

test('one act says nothing about the next; the middle gap of several does', () => {
  const minute = 60_000_000_000n
  const at = (...minutes: readonly number[]) => minutes.map((each) => (BigInt(each) * minute) as never)
  expect(harmSpeedOf(at(0))).toBe('unknown')
  expect(harmSpeedOf(at(0, 1, 3, 200))).toBe('fast')
  expect(harmSpeedOf(at(200, 0, 100))).toBe('slow')
})
