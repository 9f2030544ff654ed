/**
 * Prints what policies made of the quiet weeks of scenario agents do to these weeks and to the incident: a row for each agent and
 * layer, then each step that the quiet weeks never showed, with the layers that stop it or why none does. The acts happen under
 * `holdfast run`, so the kernel tells of them: needs root. `node --conditions=@holdfast/source scenarios/src/policies/coverage-table.ts NAME...`; ends with 1 where a quiet act would be
 * stopped, or an act that the quiet weeks never showed is let through by a layer that judges it.
 */
import { startOwnHoldfast } from '../incidents/holdfast.ts'
import { incidentScenario } from '../incidents/scenarios.ts'
import { executionsFor, policyCoverage, type LayerCoverage } from './coverage.ts'
import type { Step } from './steps.ts'

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

const given = process.argv.slice(2)
const steps: Step[] = []
process.stdout.write(
  '| scenario | agent | layer | lines | quiet acts denied | incident acts denied | of these known | never seen before | let through |\n',
)
process.stdout.write('| --- | --- | --- | ---: | ---: | ---: | ---: | ---: | --- |\n')
for (const name of given.length === 0 ? NAMES : given) {
  const scenario = incidentScenario(name)
  if (scenario === undefined) throw new Error(`there is no scenario ${name}`)
  await using holdfast = await startOwnHoldfast({ sensor: true })
  const { layers, steps: own, without } = await policyCoverage({ scenario, holdfast, executions: executionsFor(name) })
  for (const layer of layers) {
    process.stdout.write(rowOf(layer))
    if (layer.quiet.denied > 0 || layer.unseen.missed.length > 0) process.exitCode = 1
  }
  steps.push(...own)
  for (const [agent, some] of Map.groupBy(without, (one) => one.agent))
    process.stderr.write(`${agent} without ${some.map(({ kind, code }) => `${kind} (${code})`).join(', ')}\n`)
}

process.stdout.write('\n| scenario | agent | step | stopped by | else |\n| --- | --- | --- | --- | --- |\n')
for (const step of steps) process.stdout.write(stepRow(step))

function stepRow({ scenario, agent, step, deniedBy, allowedBy, unseenBy }: Step): string {
  const others = allowedBy.map(({ kind, ground }) => `${kind} lets it through: ${ground}`)
  const cells = [scenario, nameOf(agent), step, deniedBy.join(', ') || '-', unseenBy ?? (others.join('; ') || '-')]
  return `| ${cells.map(plain).join(' | ')} |\n`
}

/** Names are chosen by agents: nothing of them ends a cell or moves a cursor. */
function plain(text: string): string {
  return text.replaceAll(/[\p{Cc}|]/gu, ' ')
}

function nameOf(agent: string): string {
  return agent.slice(agent.lastIndexOf('/') + 1)
}

function rowOf({ scenario, agent, kind, lines, quiet, acts, unseen }: LayerCoverage): string {
  const cells = [
    scenario,
    nameOf(agent),
    kind,
    lines,
    `${quiet.denied} of ${quiet.judged}`,
    `${acts.denied} of ${acts.judged}`,
    acts.deniedOfKnown,
    unseen.judged,
    [...unseen.missed, ...unseen.open.map((what) => `${what} (the line says that it is open)`)].join(', ') || '-',
  ]
  return `| ${cells.join(' | ')} |\n`
}
