import { expect, test } from 'vitest'
import { startOwnHoldfast } from '../incidents/holdfast.ts'
import { obstacleHere } from '../incidents/testing/sensor-here.ts'
import { incidentScenario } from '../incidents/scenarios.ts'
import { executionsFor, policyCoverage } from './coverage.ts'

const NAMES = [
  'sanctioned-bucket',
  'six-events',
  'six-events-b',
  'quiet-retrieval',
  'three-clean-profiles',
  'guideline-contamination',
  'refund-agent',
  'batch-extractor',
] as const

/** What the filter of system calls is to refuse: only one of them leaves what its agent does every day. */
const ESCAPES = ['syscall mount', 'syscall setns', 'syscall unshare']

test.for(NAMES)(
  '%s: policies of its agents stop nothing of 14 quiet days, and no unseen act that their layer judges passes',
  async (name, context) => {
    const scenario = incidentScenario(name)
    if (scenario === undefined) throw new Error(`there is no scenario ${name}`)
    await using holdfast = await startOwnHoldfast({ sensor: true })
    const obstacle = await obstacleHere(holdfast)
    if (obstacle !== undefined) return context.skip(obstacle)
    const { layers, steps } = await policyCoverage({ scenario, holdfast, executions: executionsFor(name) })
    expect(layers.map(({ kind }) => kind)).toContain('seccomp')
    for (const { agent, kind, quiet, acts, unseen } of layers) {
      expect({ agent, kind, denied: quiet.denied }).toEqual({ agent, kind, denied: 0 })
      expect({ agent, kind, deniedOfKnown: acts.deniedOfKnown }).toEqual({ agent, kind, deniedOfKnown: 0 })
      expect({ agent, kind, missed: unseen.missed }).toEqual({ agent, kind, missed: [] })
    }
    expect(layers.reduce((sum, { quiet }) => sum + quiet.judged, 0)).toBeGreaterThan(100)
    // Whatever no layer stops says why.
    for (const { deniedBy, allowedBy, unseenBy } of steps)
      expect(deniedBy.length + allowedBy.length > 0 || unseenBy !== undefined).toBe(true)
    const refused = steps.filter(({ deniedBy }) => deniedBy.includes('seccomp')).map(({ step }) => step)
    expect(ESCAPES.filter((step) => refused.includes(step))).toEqual(name === 'six-events-b' ? ESCAPES : [])
  },
)
