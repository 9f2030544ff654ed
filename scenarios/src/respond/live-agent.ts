import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { Host } from '../incidents/network/private-network.ts'
import { startWatched, type WatchedRun } from '../incidents/network/watched-run.ts'
import type { Stage } from '../incidents/stage.ts'
import { ACTED_WITHIN_MS, LOOK_MS, STAYS_SECONDS } from './limits.ts'
import { type Pulse, pulsesIn } from './pulse.ts'

/** Where an agent that stays sends its pulse, in another network namespace; it answers each byte. */
const PEER: Host = { name: 'peer.example.test', address: '203.0.113.90', port: 7_007, isOutside: true }
/** Empty on Debian (FHS: "site-specific data which is served by this system"). */
const PLACE = '/srv'

/** An agent that has acted and is still there, in a cgroup that the sensor watches. */
export type LiveAgent = AsyncDisposable & {
  /** Of the agent's own process, as its namespaces number it; undefined where it tries nothing by itself. */
  readonly pulses: (() => readonly Pulse[]) | undefined
  /** Once `holdfast run` has ended, and with it every process of the agent. */
  readonly hasEnded: () => boolean
}

/** Starts the agent and resolves once it has done its acts. Rejects where it ends before, with what it said. */
export async function startLiveAgent(stage: Stage, run: WatchedRun): Promise<LiveAgent> {
  const folder = join(stage.folder, `live-${run.workload.deployment}`)
  mkdirSync(folder)
  const running = await startWatched(stage, {
    ...run,
    program: 'respond/stay.ts',
    args: [run.program, `${PEER.address}:${PEER.port}`, PLACE, ...run.args],
    // It does not run out of work, which is when telemetry is sent otherwise.
    env: { ...run.env, OTEL_BSP_SCHEDULE_DELAY: String(LOOK_MS) },
    hosts: [...run.hosts, PEER],
    volumes: [...(run.volumes ?? []), { folder, at: PLACE }],
    seconds: STAYS_SECONDS,
  })
  let said: string | undefined
  void running.ended.then((ended) => (said = `${ended.code}: ${ended.said}`))
  const until = Date.now() + ACTED_WITHIN_MS
  try {
    while (!existsSync(join(folder, 'acted'))) {
      if (said !== undefined || Date.now() >= until)
        throw new Error(`the agent did not come to its acts: ${said ?? 'too slow'}`)
      await wait(LOOK_MS, undefined, { signal: stage.signal })
    }
  } catch (failure) {
    // Nobody else knows of it yet, also where the run was stopped.
    await running[Symbol.asyncDispose]()
    throw failure
  }
  return {
    pulses: () => pulsesIn(folder),
    hasEnded: () => said !== undefined,
    [Symbol.asyncDispose]: () => running[Symbol.asyncDispose](),
  }
}

/** Agents of a scenario that stay after their acts, so that there is somebody to hold. They end with the block that holds them. */
export class LiveAgents implements AsyncDisposable {
  readonly #agents = new AsyncDisposableStack()
  readonly #byName = new Map<string, Pick<LiveAgent, 'pulses' | 'hasEnded'>>()

  /** By the name of their Deployment. */
  get agents(): ReadonlyMap<string, Pick<LiveAgent, 'pulses' | 'hasEnded'>> {
    return this.#byName
  }

  async start(stage: Stage, run: WatchedRun): Promise<void> {
    this.#byName.set(run.workload.deployment, this.#agents.use(await startLiveAgent(stage, run)))
  }

  /** Of an agent that stays because it takes work; whoever started it ends it. */
  note(deployment: string, running: { readonly hasEnded: boolean }): void {
    this.#byName.set(deployment, { pulses: undefined, hasEnded: () => running.hasEnded })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#agents[Symbol.asyncDispose]()
  }
}
