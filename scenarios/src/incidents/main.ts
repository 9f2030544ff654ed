/**
 * Runs one incident scenario: `node --conditions=@holdfast/source scenarios/src/incidents/main.ts NAME [--respond] [--url URL --otlp URL]`,
 * with the token in HOLDFAST_TOKEN. Without a server it brings its own. Progress on standard error, the result as one JSON
 * document on standard output. Exit code 0, 1 where the verdict is not as expected or an act failed, 2 for wrong
 * arguments, 3 where it cannot be played here: then nothing was begun, and the document is `{"cannotRun": why}`, with `own: true` where a
 * server of its own is what it takes. SIGINT and SIGTERM stop it and all that it started.
 */
import { parseArgs } from 'node:util'
import { needsOwnServer } from '../respond/own-systems.ts'
import { stopSignal } from '../stop-signal.ts'
import type { HoldfastAddress } from './holdfast.ts'
import { SENSOR_WITHIN_MS } from './limits.ts'
import { noPrivateNetwork } from './network/private-network.ts'
import { runIncidentScenario } from './run-incident-scenario.ts'
import type { IncidentScenario } from './scenario.ts'
import { incidentScenario, incidentScenarios } from './scenarios.ts'
import { sensorObstacle } from './sensor-obstacle.ts'
import { neverSilent } from './told-while.ts'

process.exitCode = await main()

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      url: { type: 'string' },
      otlp: { type: 'string' },
      executions: { type: 'string' },
      respond: { type: 'boolean', default: false },
    },
  })
  const [name = ''] = positionals
  const scenario = incidentScenario(name)
  if ((values.url === undefined) !== (values.otlp === undefined)) {
    process.stderr.write('--url and --otlp are given together, or neither\n')
    return 2
  }
  if (scenario === undefined) {
    process.stderr.write('incident scenarios:\n')
    for (const known of incidentScenarios()) process.stderr.write(`  ${known.name}: ${known.tells}\n`)
    return 2
  }
  const { url, otlp: otlpUrl, executions, respond } = values
  const holdfast =
    url === undefined || otlpUrl === undefined
      ? undefined
      : { url, otlpUrl, token: process.env['HOLDFAST_TOKEN'] ?? '' }
  const obstacle = await obstacleOf(scenario, { respond, holdfast })
  if (obstacle !== undefined) {
    process.stdout.write(`${JSON.stringify(obstacle)}\n`)
    return 3
  }
  const signal = stopSignal()
  const talk = neverSilent((line) => void process.stderr.write(`${line}\n`))
  try {
    const result = await runIncidentScenario({
      scenario,
      respond,
      signal,
      onStep: talk.tell,
      ...(executions === undefined ? {} : { executions: Number(executions) }),
      ...(holdfast === undefined ? {} : { holdfast }),
    })
    process.stdout.write(`${JSON.stringify(result)}\n`)
    return result.differences.length === 0 ? 0 : 1
  } catch (failure) {
    process.stderr.write(`${failure instanceof Error ? failure.message : String(failure)}\n`)
    return 1
  } finally {
    talk.stop()
  }
}

type Obstacle = { readonly cannotRun: string; readonly own?: true }

/** Looked for before anything is begun: minutes of quiet weeks before it is found missing help nobody. */
async function obstacleOf(
  scenario: IncidentScenario,
  { respond, holdfast }: { readonly respond: boolean; readonly holdfast: HoldfastAddress | undefined },
): Promise<Obstacle | undefined> {
  // Agents that stay run in a network of their own.
  const network = respond || scenario.needsKernel === true ? noPrivateNetwork() : undefined
  if (network !== undefined) return { cannotRun: network }
  if (!respond || holdfast === undefined) return undefined
  const own = needsOwnServer(scenario)
  if (own !== undefined)
    return { cannotRun: `${own}, and a running server speaks to what its connectors.yaml names alone`, own: true }
  const sensor = await sensorObstacle(holdfast, { withinMs: SENSOR_WITHIN_MS })
  return sensor === undefined ? undefined : { cannotRun: `its agents are held by the sensor of the server: ${sensor}` }
}
