import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startModelServer, type Script } from '@holdfast/testkit'
import { Child } from '../demo/child.ts'
import { environmentOf, holdfast, type HoldfastAddress, importLines, type Ran } from './holdfast.ts'
import { ACT_WITHIN_MS, TELEMETRY_EVERY_MS } from './limits.ts'
import type { LiveAgents } from '../respond/live-agent.ts'
import type { RunClock } from '../respond/run-clock.ts'
import type { Cast } from './scenario.ts'

/** The `holdfast` command, relative to `src`. */
const COMMAND = '../../apps/cli/src/main.ts'

/** A workload in the run's cluster: its telemetry and the proxies before it say so alike. */
export type Workload = {
  readonly namespace: string
  readonly deployment: string
  readonly pod?: string
  /** What it runs from, as its process says it; the digest in the form `sha256:...`. */
  readonly image?: { readonly name: string; readonly digest: string }
}

export type ActProgram = {
  /** Relative to `src`. */
  readonly program: string
  readonly args?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** Whose telemetry it sends; none for a program that is no agent. */
  readonly workload?: Workload
}

/** What an agent looks up: the name of its store, and the tool and parameter by which it asks. */
type Store = {
  readonly name: string
  readonly tool: string
  readonly parameter?: string
  readonly items: readonly object[]
}

/**
 * What acts are made with: real processes, real sockets, the real command. What it starts ends with it, last first.
 */
export class Stage implements AsyncDisposable {
  readonly holdfast: HoldfastAddress
  readonly cast: Cast
  /** The instant of the first act, in milliseconds since 1970. */
  readonly t0: number
  /** For what the acts write; removed with the run. */
  readonly folder: string
  readonly signal: AbortSignal | undefined
  /** Where agents stay after their acts. */
  readonly live: LiveAgents | undefined
  /** For how many seconds at most an agent goes on after its acts, watched by the sensor; undefined where it ends with them. */
  readonly staysSeconds: number | undefined
  readonly #isWatched: boolean
  readonly #clock: RunClock | undefined
  readonly #running = new AsyncDisposableStack()
  readonly #tell: (line: string) => void

  constructor(options: {
    readonly holdfast: HoldfastAddress
    readonly cast: Cast
    readonly t0: number
    readonly folder: string
    readonly signal?: AbortSignal | undefined
    readonly tell: (line: string) => void
    readonly live?: LiveAgents | undefined
    readonly staysSeconds?: number | undefined
    readonly isWatched?: boolean | undefined
    readonly clock?: RunClock | undefined
  }) {
    this.holdfast = options.holdfast
    this.cast = options.cast
    this.t0 = options.t0
    this.folder = options.folder
    this.signal = options.signal
    this.live = options.live
    this.staysSeconds = options.staysSeconds
    this.#isWatched = options.isWatched ?? false
    this.#clock = options.clock
    this.#tell = options.tell
  }

  /** Says what is being done. */
  tell(line: string): void {
    this.#tell(line)
  }

  /** Lets time pass by the clock of the run's own server, simulated; by that of another's nothing passes. */
  async pass(hours: number): Promise<void> {
    this.tell(
      this.#clock === undefined
        ? `${hours} hours have to pass by the server's clock`
        : `${hours} hours pass, simulated`,
    )
    await this.#clock?.pass(hours)
  }

  /** A model server that answers from a script; the base URL for `OPENAI_BASE_URL`. */
  async model(script: Script): Promise<string> {
    const model = this.#running.use(await startModelServer({ script }))
    return `${model.url}/v1`
  }

  /** `holdfast llm` before a model: what the agent's prompts hold is recorded at the boundary. */
  async modelProxy(upstream: string, workload: Workload): Promise<string> {
    return this.#proxy(['llm', '--url', upstream], workload)
  }

  /** `holdfast mcp` before an MCP server over HTTP; the URL that the agent is to use. */
  async toolProxy(upstream: string, workload: Workload): Promise<string> {
    return this.#proxy(['mcp', '--url', upstream], workload)
  }

  /**
   * The environment of an agent whose items come from a store. Where agents stay the store is an MCP server of its name behind a
   * proxy, so that somebody stands before it who can hold an item back.
   */
  async store(
    { name, tool, parameter = 'query', items }: Store,
    workload: Workload,
  ): Promise<Readonly<Record<string, string>>> {
    if (this.live === undefined) return {}
    const server = await this.server({
      program: 'incidents/acts/store-server.ts',
      env: {
        SCENARIO_STORE_NAME: name,
        SCENARIO_STORE_TOOL: tool,
        SCENARIO_STORE_PARAMETER: parameter,
        SCENARIO_ITEMS: JSON.stringify(items),
      },
    })
    return { SCENARIO_STORE: await this.toolProxy(server, workload) }
  }

  /** Starts a program that says `listening URL`, and gives the URL. */
  async server(program: ActProgram): Promise<string> {
    return await this.#child(program).listening()
  }

  /** The same of an agent that takes work: where agents stay or are watched, under `holdfast run`, so that the sensor sees it. */
  async agentServer(act: ActProgram & { readonly workload: Workload }): Promise<string> {
    if (this.live === undefined && !this.#isWatched) return await this.server(act)
    const child = this.#watched(act)
    this.live?.note(act.workload.deployment, child)
    return await child.listening()
  }

  /** Starts an agent that goes on after its acts, under `holdfast run`; resolves once it prints `acted`, and ends with the stage. */
  async startStaying(act: ActProgram & { readonly workload: Workload }): Promise<void> {
    await this.#watched(act).listening(/^(acted)$/m)
  }

  /** What ends with the stage: after the programs that were started later, before those that were earlier. */
  keep<T extends AsyncDisposable>(thing: T): T {
    return this.#running.use(thing)
  }

  /** Under `holdfast run`, so that the sensor watches it. */
  #watched({ program, args = [], env = {}, workload }: ActProgram & { readonly workload: Workload }): Child {
    const source = (path: string): string => fileURLToPath(new URL(`../../src/${path}`, import.meta.url))
    const agent = ['--conditions=@holdfast/source', '--import', source('telemetry.ts'), source(program), ...args]
    return this.#running.use(
      new Child({
        program: COMMAND,
        // As a report for people: under --json what the agent prints would stand among the diagnostics.
        args: ['run', '--name', workload.deployment, '--', process.execPath, ...agent],
        env: {
          ...this.reaching,
          ...this.environment(workload),
          // It does not run out of work, which is when telemetry is sent otherwise.
          OTEL_BSP_SCHEDULE_DELAY: String(TELEMETRY_EVERY_MS),
          ...env,
        },
        signal: this.signal,
      }),
    )
  }

  /** Runs a program to its end, or an agent that stays to the end of its acts; rejects where it fails. */
  async run(act: ActProgram): Promise<void> {
    const { program, args = [], env = {}, workload } = act
    if (this.live !== undefined && workload !== undefined) {
      // What it is told to reach on this machine, it reaches from a network of its own as well.
      const reaches = Object.values(env).flatMap((value) => value.match(/http:\/\/127\.0\.0\.1:\d+/g) ?? [])
      return await this.live.start(this, { program, args, env, workload, hosts: [], reaches: [...new Set(reaches)] })
    }
    const child = this.#isWatched && workload !== undefined ? this.#watched({ ...act, workload }) : this.#child(act)
    const code = await child.exitCode(ACT_WITHIN_MS)
    this.signal?.throwIfAborted()
    if (code !== 0) throw new Error(`${program} ended with ${code}: ${child.output}`)
  }

  /** Any `holdfast` command against the server. */
  async command(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ran> {
    return await holdfast(this.holdfast, args, env)
  }

  /** Imports lines as an operator would; rejects where one is refused. */
  async import(name: string, lines: Iterable<string>): Promise<void> {
    await importLines(this.holdfast, name, lines)
  }

  /** Id of an agent of this run, as the product derives it. */
  agentId({ namespace, deployment }: Workload): string {
    return `k8s:${this.cast.cluster}/${namespace}/${deployment}`
  }

  /** A span id or trace id of the run's own. */
  hex(bytes: number): string {
    return randomBytes(bytes).toString('hex')
  }

  /** The whole environment of an agent: nothing is inherited but what finds programs. */
  environment(workload?: Workload): Record<string, string> {
    return {
      PATH: process.env['PATH'] ?? '',
      HOME: process.env['HOME'] ?? '',
      NODE_NO_WARNINGS: '1',
      OPENAI_API_KEY: 'scripted',
      ...(workload === undefined
        ? {}
        : {
            OTEL_EXPORTER_OTLP_ENDPOINT: this.holdfast.otlpUrl,
            OTEL_METRICS_EXPORTER: 'none',
            OTEL_LOGS_EXPORTER: 'none',
            ...this.#identity(workload),
          }),
    }
  }

  /**
   * Points a `holdfast` command at the server. What a proxy could not deliver stays in the run's folder and goes with it: in the state
   * folder of whoever runs this it would be handed to the next server at the same address, which knows nothing of this run.
   */
  get reaching(): Record<string, string> {
    return { ...environmentOf(this.holdfast), XDG_STATE_HOME: join(this.folder, 'state') }
  }

  async #proxy(args: readonly string[], workload: Workload): Promise<string> {
    const env = { ...this.reaching, ...this.#identity(workload) }
    const child = this.#running.use(
      new Child({ program: COMMAND, args: [...args, '--listen', '127.0.0.1:0'], env, signal: this.signal }),
    )
    return await child.listening(/^(https?:\/\/\S+)$/m)
  }

  #identity({ namespace, deployment, pod, image }: Workload): Record<string, string> {
    return {
      OTEL_SERVICE_NAME: deployment,
      OTEL_RESOURCE_ATTRIBUTES: [
        `k8s.cluster.name=${this.cast.cluster}`,
        `k8s.namespace.name=${namespace}`,
        `k8s.deployment.name=${deployment}`,
        ...(pod === undefined ? [] : [`k8s.pod.name=${pod}`]),
        ...(image === undefined ? [] : [`container.image.name=${image.name}`, `oci.manifest.digest=${image.digest}`]),
      ].join(','),
    }
  }

  #child({ program, args = [], env = {}, workload }: ActProgram): Child {
    return this.#running.use(
      new Child({
        program,
        args,
        ...(workload === undefined ? {} : { imports: ['telemetry.ts'] }),
        env: { ...this.environment(workload), ...env },
        signal: this.signal,
      }),
    )
  }

  /** Proxies deliver what they hold when they are asked to end. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#running[Symbol.asyncDispose]()
  }
}
