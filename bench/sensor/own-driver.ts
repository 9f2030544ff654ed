import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { createClient, type Client } from '@holdfast/api'
import type { TestServer } from '../../apps/cli/src/testing/server.ts'
import { driverPath } from '../../sensor/src/programs.ts'
import { TestCgroup } from '../../sensor/src/testing/test-cgroup.ts'

export function clientOf(server: TestServer): Client {
  return createClient({
    baseUrl: server.ready.http,
    token: server.ready.token,
    fetch: (url, init) => fetch(url, init),
  })
}

/** Records that the server has stored of the latest start of each sensor, and how many these ever counted as lost. */
export async function storedBy(client: Client): Promise<{ readonly records: number; readonly lost: number }> {
  const { items } = await client.call('listSensors')
  return {
    records: items.reduce((sum, { records }) => sum + records, 0),
    lost: items.reduce((sum, { lost }) => sum + lost, 0),
  }
}

/** The whole sensor, driver and loader, in a cgroup of its own, watching another one. */
export class OwnDriver implements AsyncDisposable {
  readonly #cgroup: TestCgroup
  readonly #end: () => Promise<void>

  private constructor(cgroup: TestCgroup, end: () => Promise<void>) {
    this.#cgroup = cgroup
    this.#end = end
  }

  /** Resolves once the server knows that `watched` is watched. `data`: the folder whose socket the driver speaks to. */
  static async start(data: string, { client, watched }: { readonly client: Client; readonly watched: TestCgroup }) {
    const cgroup = new TestCgroup()
    const options = ['--disable-warning=ExperimentalWarning', '--conditions=@holdfast/source']
    const child = cgroup.start(
      process.execPath,
      ...options,
      driverPath(),
      '--data',
      data,
      '--watch',
      basename(watched.path),
    )
    const ended = once(child, 'exit')
    const driver = new OwnDriver(cgroup, async () => {
      child.kill('SIGTERM')
      await ended
    })
    for (let tries = 0; tries < 300 && child.exitCode === null; tries += 1) {
      const { items } = await client.call('listSensors')
      const watches = items.filter(({ state }) => state === 'connected').flatMap((sensor) => sensor.watched)
      if (watches.some(({ cgroup: id }) => id === String(watched.id))) return driver
      await delay(100)
    }
    await driver[Symbol.asyncDispose]()
    throw new Error('the sensor did not begin to watch')
  }

  /** CPU that driver and loader took so far, in microseconds. */
  cpuMicros(): number {
    return cpuMicrosOf(this.#cgroup)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#end()
    await this.#cgroup[Symbol.asyncDispose]()
  }
}

/** What all processes of a cgroup took, those that have ended too. */
export function cpuMicrosOf({ path }: TestCgroup): number {
  return Number(/^usage_usec (\d+)$/m.exec(readFileSync(join(path, 'cpu.stat'), 'utf8'))?.[1])
}
