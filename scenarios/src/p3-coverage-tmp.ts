import { startOwnHoldfast } from './incidents/holdfast.ts'
import { EXECUTIONS_A_DAY } from './incidents/limits.ts'
import { incidentScenario } from './incidents/scenarios.ts'
import { policyCoverage } from './policies/coverage.ts'
for (const name of process.argv.slice(2)) {
  const scenario = incidentScenario(name)
  if (scenario === undefined) throw new Error(name)
  await using holdfast = await startOwnHoldfast({ sensor: false })
  const covered = await policyCoverage({ scenario, holdfast, executions: EXECUTIONS_A_DAY })
  for (const { agent, kind, quiet, unseen } of covered.layers) console.log(name, agent, kind, JSON.stringify({ judged: quiet.judged, denied: quiet.denied, unseen }).slice(0, 300))
  console.log(JSON.stringify(covered).slice(0, 0))
}
