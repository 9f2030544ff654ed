import { fileURLToPath } from 'node:url'

import { environmentOf, HOLDFAST } from '../holdfast.ts'
import type { Stage, Workload } from '../stage.ts'
import { noPrivateNetwork, startInPrivateNetwork } from './private-network.ts'
import type { Ended, Host, PlacedFile, RunningProgram, Volume } from './private-network.ts'

export type WatchedRun = {
  readonly workload: Workload
  /** The agent's program, relative to `src`. */
  readonly program: string
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly hosts: readonly Host[]
  /** URLs on this machine's loopback that the agent is to reach, beside the server. */
  readonly reaches: readonly string[]
  readonly files?: readonly PlacedFile[]
  readonly volumes?: readonly Volume[]
  /** At most so long, where it is not the usual. */
  readonly seconds?: number
}

/**
 * `holdfast run` of an agent in a network of its own, to its end, or to the end of its acts on a stage whose agents stay. Rejects
 * where it fails, or where the kernel saw nothing.
 */
export async function runWatched(stage: Stage, run: WatchedRun): Promise<void> {
  if (stage.live !== undefined) return await stage.live.start(stage, run)
  await using running = await startWatched(stage, run)
  sightOf(stage, await running.ended)
}

/** The same of an agent that stays. */
export async function startWatched(stage: Stage, run: WatchedRun): Promise<RunningProgram> {
  const obstacle = noPrivateNetwork()
  if (obstacle !== undefined) throw new Error(obstacle)
  const { workload, program, args, hosts, reaches, files = [], volumes = [] } = run
  const { holdfast } = stage
  const source = (path: string): string => fileURLToPath(new URL(`../../../src/${path}`, import.meta.url))
  const agent = ['--conditions=@holdfast/source', '--import', source('telemetry.ts'), source(program), ...args]
  const watched = [process.execPath, ...HOLDFAST, 'run', '--name', workload.deployment, '--json', '--']
  return await startInPrivateNetwork({
    hosts,
    ports: [holdfast.url, holdfast.otlpUrl, ...reaches].map((url) => Number(new URL(url).port)),
    command: [...watched, process.execPath, ...agent],
    env: { ...environmentOf(holdfast), ...stage.environment(workload), ...run.env },
    files,
    volumes,
    ...(run.seconds === undefined ? {} : { seconds: run.seconds }),
  })
}

function sightOf(stage: Stage, { code, output, said }: Ended): void {
  if (code !== 0) throw new Error(`the agent ended with ${code}: ${said}`)
  if (said.includes('less is seen')) throw new Error(`no kernel saw the agent: ${said}`)
  stage.tell(`the run was ${sightIn(output)}`)
}

/** How much was seen, as the run's own report says it. */
function sightIn(report: string): string {
  // What `holdfast run --json` prints.
  const { sight, processes } = JSON.parse(report) as { readonly sight: string; readonly processes: readonly unknown[] }
  return `seen by: ${sight}, ${processes.length} processes`
}
