import type { ContainmentWire } from '@holdfast/api'
import type { ServerProcess } from '@holdfast/testkit'
import { vi } from 'vitest'
import { startServer } from '../../testing/server-process.ts'

type Sensor = {
  readonly id: string
  readonly state: string
  readonly start: string
  readonly watched: readonly { readonly path: string }[]
}
type Sensors = { readonly items: readonly Sensor[] }

/** How long a killed driver may take to be back: it is started again every two seconds, on a loaded machine. */
const BACK_MS = 60_000

/** A server with its sensor on a folder, as a test holds an agent through it. Started again where it was killed. */
export class ContainingServer implements AsyncDisposable {
  readonly folder: string
  server: ServerProcess

  private constructor(folder: string, server: ServerProcess) {
    this.folder = folder
    this.server = server
  }

  static async start(folder: string): Promise<ContainingServer> {
    return new ContainingServer(folder, await startServer(folder, { sensor: true }))
  }

  async startAgain(): Promise<void> {
    this.server = await startServer(this.folder, { sensor: true })
  }

  /** The sensor, once it is connected; with `path`, once it watches that. */
  connected(path?: string): Promise<Sensor> {
    return vi.waitFor(
      async () => {
        const { items } = await this.server.get<Sensors>('/api/v1/sensors')
        const sensor = items.find(({ state }) => state === 'connected')
        if (sensor === undefined) throw new Error('no sensor is connected')
        if (path !== undefined && !sensor.watched.some((one) => one.path === path)) throw new Error('it is not watched')
        return sensor
      },
      { timeout: BACK_MS, interval: 100 },
    )
  }

  /** Watches a cgroup under the name of a service. */
  async watch(path: string, service: string): Promise<void> {
    const { id } = await this.connected()
    await this.server.post(`/api/v1/sensors/${id}/watch`, { path, service })
  }

  apply(target: string, rung: string, more: object = {}): Promise<ContainmentWire> {
    const body = { target, rung, reason: 'a test', ttlMs: 600_000, allow: [], ...more }
    return this.server.post<ContainmentWire>('/api/v1/containments', body)
  }

  confirm({ containment }: ContainmentWire): Promise<ContainmentWire> {
    return this.server.post<ContainmentWire>(`/api/v1/containments/${containment}/confirm`, {})
  }

  release({ containment }: ContainmentWire): Promise<ContainmentWire> {
    return this.server.post<ContainmentWire>(`/api/v1/containments/${containment}/release`, { reason: 'it is over' })
  }

  /** The containment as its last step left it. */
  async found({ containment }: Pick<ContainmentWire, 'containment'>): Promise<ContainmentWire> {
    const { items } = await this.server.get<{ readonly items: readonly ContainmentWire[] }>('/api/v1/containments')
    const found = items.find((one) => one.containment === containment)
    if (found === undefined) throw new Error(`${containment} is not known`)
    return found
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server.stop()
  }
}
