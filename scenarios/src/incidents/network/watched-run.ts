import { fileURLToPath } from 'node:url'

import { HOLDFAST } from '../holdfast.ts'
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
  /** Modules that are loaded before the program, beside its telemetry: URLs. */
  readonly imports?: readonly string[]
  /** A seccomp profile that it runs under: a path. */
  readonly seccomp?: string
}

/** What `holdfast run --json` prints, as far as it is read here. */
type RunReport = {
  readonly sight: string
  readonly processes: readonly unknown[]
  readonly violations: readonly { readonly call: string; readonly outcome: string }[]
}

/**
 * `holdfast run` of an agent in a network of its own, to its end, or to the end of its acts on a stage whose agents stay. Rejects
 * where it fails, or where the kernel saw nothing.
 */
export async function runWatched(stage: Stage, run: WatchedRun): Promise<void> {
  if (stage.live !== undefined) return await stage.live.start(stage, run)
  const { sight, processes } = await runToItsEnd(stage, run)
  stage.tell(`the run was seen by: ${sight}, ${processes.length} processes`)
}

/** The same to its end, also of an agent that would stay otherwise. */
export async function runToItsEnd(stage: Stage, run: WatchedRun): Promise<RunReport> {
  await using running = await startWatched(stage, run)
  return reportOf(await running.ended)
}

/** The same of an agent that stays. */
export async function startWatched(stage: Stage, run: WatchedRun): Promise<RunningProgram> {
  const obstacle = noPrivateNetwork()
  if (obstacle !== undefined) throw new Error(obstacle)
  const { workload, program, args, hosts, reaches, files = [], volumes = [] } = run
  const { holdfast } = stage
  const source = (path: string): string => fileURLToPath(new URL(`../../../src/${path}`, import.meta.url))
  const imports = [source('telemetry.ts'), ...(run.imports ?? [])].flatMap((module) => ['--import', module])
  const agent = ['--conditions=@holdfast/source', ...imports, source(program), ...args]
  const under = run.seccomp === undefined ? [] : ['--seccomp', run.seccomp]
  const watched = [process.execPath, ...HOLDFAST, 'run', '--name', workload.deployment, ...under, '--json', '--']
  return await startInPrivateNetwork({
    hosts,
    signal: stage.signal,
    ports: [holdfast.url, holdfast.otlpUrl, ...reaches].map((url) => Number(new URL(url).port)),
    command: [...watched, process.execPath, ...agent],
    env: { ...stage.reaching, ...stage.environment(workload), ...run.env },
    files,
    volumes,
    ...(run.seconds === undefined ? {} : { seconds: run.seconds }),
  })
}

function reportOf({ code, output, said }: Ended): RunReport {
  if (code !== 0) throw new Error(`the agent ended with ${code}: ${said}`)
  if (said.includes('less is seen')) throw new Error(`no kernel saw the agent: ${said}`)
  return JSON.parse(output) as RunReport // what `holdfast run --json` prints
}
