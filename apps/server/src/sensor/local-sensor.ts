import { spawn, type ChildProcess } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { driverPath, loaderPath, sensorObstacles, type Obstacle } from '@holdfast/sensor'
import type { Logger } from 'pino'
import { SENSOR_LINGER_SECONDS, SENSOR_RESTART_MS } from './limits.ts'
import type { SensorLink } from './link.ts'

/** Exit code of a driver that found another one serving the folder: one that outlived a server that was killed. */
const SERVED_ALREADY = 6
const STOP_WAIT_MS = 5_000

/** The name that the sensor of a folder keeps; undefined until it has run there. */
function localSensorId(folder: string): string | undefined {
  try {
    return readFileSync(join(folder, 'sensor', 'id'), 'utf8').trim()
  } catch {
    // It has not started here yet.
    return undefined
  }
}

/** The driver that serves the folder, by its own word. */
function servingPid(folder: string): number | undefined {
  try {
    return Number(readFileSync(join(folder, 'sensor', 'pid'), 'utf8'))
  } catch {
    // None has begun to, yet.
    return undefined
  }
}

/** The sensor beside the server: `off` where nobody wants one, `impossible` with what is in the way. */
export type LocalSensorState = {
  readonly state: 'off' | 'starting' | 'running' | 'impossible'
  readonly obstacles: readonly Obstacle[]
}

export type LocalSensorOptions = {
  readonly folder: string
  readonly link: SensorLink
  readonly logger: Logger
  /** False where an operator turned it off. */
  readonly isWanted: boolean
}

/**
 * Runs the driver as a process of its own, and again where it ends. It outlives this process where that is killed, goes
 * on recording into its spool, and speaks to the next server; only a server that ends cleanly ends it.
 */
export class LocalSensor implements AsyncDisposable {
  readonly #options: LocalSensorOptions
  readonly #obstacles: readonly Obstacle[]
  #child: ChildProcess | undefined
  #timer: NodeJS.Timeout | undefined
  #isStopping = false
  #lastWords = ''

  constructor(options: LocalSensorOptions) {
    this.#options = options
    this.#obstacles = options.isWanted ? sensorObstacles(loaderPath()) : []
    if (options.isWanted && this.#obstacles.length === 0) this.#start()
  }

  state(): LocalSensorState {
    if (!this.#options.isWanted) return { state: 'off', obstacles: [] }
    if (this.#isConnected()) return { state: 'running', obstacles: [] }
    if (this.#obstacles.length > 0) return { state: 'impossible', obstacles: this.#obstacles }
    if (this.#lastWords === '') return { state: 'starting', obstacles: [] }
    const remedy = '`holdfast doctor` on the machine of the server; the sensor is started again every few seconds'
    return { state: 'impossible', obstacles: [{ id: 'loader', detail: this.#lastWords, remedy }] }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isStopping = true
    clearTimeout(this.#timer)
    if (!this.#options.isWanted || this.#obstacles.length > 0) return
    const child = this.#child
    // The one that is connected may be an earlier server's, which a child that has just begun has not found out yet.
    const isAnothers = this.#isConnected() && servingPid(this.#options.folder) !== child?.pid
    const sensor = localSensorId(this.#options.folder)
    if (isAnothers && sensor !== undefined) await this.#options.link.send({ do: 'stop' }, { sensor })
    if (child === undefined) return
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
    child.kill('SIGTERM')
    const killed = setTimeout(() => child.kill('SIGKILL'), STOP_WAIT_MS)
    await ended
    clearTimeout(killed)
  }

  #isConnected(): boolean {
    const own = localSensorId(this.#options.folder)
    return this.#options.link.sensors().some(({ id, state }) => id === own && state === 'connected')
  }

  #start(): void {
    const { folder, logger } = this.#options
    const program = driverPath()
    const conditions = program.endsWith('.ts') ? ['--conditions=@holdfast/source'] : []
    const args = ['--disable-warning=ExperimentalWarning', ...conditions, program]
    const child = spawn(process.execPath, [...args, '--data', folder, '--linger', String(SENSOR_LINGER_SECONDS)], {
      // A group of its own: Ctrl-C in a terminal is ours to pass on.
      detached: true,
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    this.#child = child
    let said = ''
    child.stderr.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-2_000)
      logger.warn({ sensor: chunk.toString().trim() }, 'the sensor says')
    })
    child.once('error', (error) => logger.error({ err: error }, 'the sensor cannot be started'))
    child.once('exit', (code) => {
      this.#child = undefined
      if (this.#isStopping) return
      if (code !== SERVED_ALREADY) this.#lastWords = said.trim() || `the sensor ended with ${code ?? 'a signal'}`
      this.#startLater()
    })
    child.unref()
  }

  /** While an earlier server's sensor serves the folder nothing is started: a process every other second would only find that out again. */
  #startLater(): void {
    this.#timer = setTimeout(() => (this.#isConnected() ? this.#startLater() : this.#start()), SENSOR_RESTART_MS)
    this.#timer.unref()
  }
}
