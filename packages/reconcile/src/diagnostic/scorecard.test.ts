import type { ScorecardDecision } from '@holdfast/model'
import { expect, test } from 'vitest'
import { scorecardFault, scorecardOf, type ScorecardEntry } from './scorecard.ts'

const entry = (decision: ScorecardDecision, i = 0): ScorecardEntry => ({
  decision,
  reason: `because ${i}`,
  by: 'ada',
  at: '2026-11-20T10:00:00Z',
  entry: 100 + i,
})
const scoresOf = (entries: readonly ScorecardEntry[]) =>
  scorecardOf(entries).map(({ id, cells }) => `${id} ${cells.map(({ score }) => score[0]).join(',')}`)

test('REC-13 as it ships the scorecard is that of requirements 1.9, and every score has a reason of its own', () => {
  expect(scoresOf([])).toEqual(['cspm P,N,N,N', 'cnapp P,P,P,N', 'cwpp P,P,S,P', 'ebpf N,P,S,N', 'cadr S,S,S,S'])
  const reasons = scorecardOf([]).flatMap(({ cells }) => cells.map(({ reason }) => reason))
  expect(new Set(reasons).size).toBe(20)
})

test('a score says who changed it and why; the others stay as they were', () => {
  const rows = scorecardOf([entry({ do: 'scored', row: 'cnapp', phase: 'observe', score: 'None' })])
  const cells = rows.find(({ id }) => id === 'cnapp')?.cells
  expect(cells?.[1]).toEqual({
    phase: 'observe',
    score: 'None',
    reason: 'because 0',
    changed: { by: 'ada', at: '2026-11-20T10:00:00Z', entry: 100 },
  })
  expect(cells?.[0]?.changed).toBeUndefined()
})

test('a tool of the own stack is added without credit, scored, and taken away again', () => {
  const added = entry({ do: 'added', row: 'gateway', name: 'Egress gateway' })
  expect(scoresOf([added]).at(-1)).toBe('gateway N,N,N,N')
  const scored = entry({ do: 'scored', row: 'gateway', phase: 'enforce', score: 'Strong' }, 1)
  expect(scoresOf([added, scored]).at(-1)).toBe('gateway N,N,S,N')
  expect(scoresOf([added, scored, entry({ do: 'removed', row: 'gateway' }, 2)])).toEqual(scoresOf([]))
})

test('a row that is not there cannot be scored, and one that is cannot be added', () => {
  expect(scorecardFault(scorecardOf([]), { do: 'scored', row: 'x', phase: 'declare', score: 'Strong' })).toContain(
    'cspm',
  )
  expect(scorecardFault(scorecardOf([]), { do: 'added', row: 'cspm', name: 'again' })).toContain('already')
  expect(scoresOf([entry({ do: 'scored', row: 'x', phase: 'declare', score: 'Strong' })])).toEqual(scoresOf([]))
})
