import { expect, test } from 'vitest'
import { startOwnHoldfast } from '../incidents/holdfast.ts'
import { EXECUTIONS_A_DAY } from '../incidents/limits.ts'
import { incidentScenario } from '../incidents/scenarios.ts'
import { policyCoverage } from './coverage.ts'

/** Those whose acts are seen without a kernel. */
const NAMES = [
  'sanctioned-bucket',
  'quiet-retrieval',
  'three-clean-profiles',
  'guideline-contamination',
  'refund-agent',
  'batch-extractor',
] as const

test.each(NAMES)(
  '%s: policies of its agents stop nothing of 14 quiet days, and no unseen act that their layer judges passes',
  async (name) => {
    const scenario = incidentScenario(name)
    if (scenario === undefined) throw new Error(`there is no scenario ${name}`)
    await using holdfast = await startOwnHoldfast({ sensor: false })
    const { layers } = await policyCoverage({ scenario, holdfast, executions: EXECUTIONS_A_DAY })
    expect(layers.length).toBeGreaterThan(0)
    for (const { agent, kind, quiet, unseen } of layers) {
      expect({ agent, kind, denied: quiet.denied }).toEqual({ agent, kind, denied: 0 })
      expect({ agent, kind, missed: unseen.missed }).toEqual({ agent, kind, missed: [] })
    }
    expect(layers.reduce((sum, { quiet }) => sum + quiet.judged, 0)).toBeGreaterThan(100)
  },
)
