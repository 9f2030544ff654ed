import type { ContainmentPlan } from '@holdfast/model'
import { expect, test } from 'vitest'
import { cgroupsOf, obstaclesOf, planHashOf } from './plan.ts'

const PLAN: ContainmentPlan = {
  target: 'builder',
  agent: 'host:node-1/builder',
  agentName: 'builder',
  sensor: 'a1',
  paths: ['holdfast/run-7'],
  rung: 'kill',
  reason: 'a test',
  ttlMs: 0,
  allow: [],
  evidence: { logSize: 7, rootHash: 'ab', completeness: 1 },
}
const watched = (path: string, agentName: string) => ({
  cgroup: '7',
  path,
  agent: `host:node-1/${agentName}`,
  agentName,
})

test('the hash of a plan is that of the deed, whatever the log holds by then', () => {
  const later = { ...PLAN, evidence: { logSize: 9, rootHash: 'cd', completeness: 1 } }
  expect(planHashOf(later)).toBe(planHashOf(PLAN))
  expect(planHashOf({ ...PLAN, paths: ['holdfast/run-8'] })).not.toBe(planHashOf(PLAN))
  expect(planHashOf({ ...PLAN, rung: 'pause' })).not.toBe(planHashOf(PLAN))
})

test('a kill waits for the whole chain, and a pause for a time limit', () => {
  const incomplete = { ...PLAN, evidence: { ...PLAN.evidence, completeness: 0.83 } }
  expect(obstaclesOf(PLAN)).toEqual([])
  expect(obstaclesOf(incomplete)).toEqual([expect.stringContaining('complete to 83 %')])
  expect(obstaclesOf({ ...incomplete, rung: 'soft-quarantine' })).toEqual([])
  expect(obstaclesOf({ ...PLAN, rung: 'pause' })).toEqual(['a pause needs a time limit'])
})

test('a target is an id, a name or a run, and an outer cgroup holds its inner ones', () => {
  const all = [watched('a', 'builder'), watched('a/b', 'builder'), watched('ab', 'builder'), watched('c', 'other')]
  expect(cgroupsOf('builder', all).map(({ path }) => path)).toEqual(['a', 'ab'])
  expect(cgroupsOf('host:node-1/other', all).map(({ path }) => path)).toEqual(['c'])
  expect(cgroupsOf('nobody', all)).toEqual([])
})
