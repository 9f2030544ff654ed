/**
 * Prints what policies made of the quiet weeks of scenario agents do to these weeks and to the incident: a row for each agent and
 * layer. `node --conditions=@holdfast/source scenarios/src/policies/coverage-table.ts NAME...`; ends with 1 where a quiet act would be
 * stopped, or an act that the quiet weeks never showed is let through.
 */
import { startOwnHoldfast } from '../incidents/holdfast.ts'
import { EXECUTIONS_A_DAY } from '../incidents/limits.ts'
import { incidentScenario } from '../incidents/scenarios.ts'
import { policyCoverage, type LayerCoverage } from './coverage.ts'

const NAMES = [
  'sanctioned-bucket',
  'six-events',
  'quiet-retrieval',
  'three-clean-profiles',
  'guideline-contamination',
  'refund-agent',
  'batch-extractor',
] as const

const given = process.argv.slice(2)
process.stdout.write(
  '| scenario | agent | layer | lines | quiet acts denied | incident acts denied | never seen before | let through |\n',
)
process.stdout.write('| --- | --- | --- | ---: | ---: | ---: | ---: | --- |\n')
for (const name of given.length === 0 ? NAMES : given) {
  const scenario = incidentScenario(name)
  if (scenario === undefined) throw new Error(`there is no scenario ${name}`)
  await using holdfast = await startOwnHoldfast({ sensor: scenario.needsKernel === true })
  // An agent that runs code has to be seen more often before its profile has settled.
  const executions = name === 'six-events' ? (4 * EXECUTIONS_A_DAY) / 3 : EXECUTIONS_A_DAY
  const { layers, without } = await policyCoverage({ scenario, holdfast, executions })
  for (const layer of layers) {
    process.stdout.write(rowOf(layer))
    if (layer.quiet.denied > 0 || layer.unseen.missed.length > 0) process.exitCode = 1
  }
  for (const [agent, some] of Map.groupBy(without, (one) => one.agent))
    process.stderr.write(`${agent} without ${some.map(({ kind, code }) => `${kind} (${code})`).join(', ')}\n`)
}

function rowOf({ scenario, agent, kind, lines, quiet, acts, unseen }: LayerCoverage): string {
  const cells = [
    scenario,
    agent.slice(agent.lastIndexOf('/') + 1),
    kind,
    lines,
    `${quiet.denied} of ${quiet.judged}`,
    `${acts.denied} of ${acts.judged}`,
    unseen.judged,
    unseen.missed.join(', ') || '-',
  ]
  return `| ${cells.join(' | ')} |\n`
}
