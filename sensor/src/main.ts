import { randomBytes, randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { cgroupMount } from './cgroup/cgroup-tree.ts'
import { KubernetesPods, kubernetesOf } from './cgroup/kubernetes.ts'
import { serverOf } from './delivery/server-at.ts'
import { Driver } from './driver/driver.ts'
import { lockFolder } from './driver/lock.ts'
import { hostName } from './host-name.ts'
import { sensorObstacles } from './obstacles.ts'
import { loaderPath } from './programs.ts'

/** As the command line has them: usage, and what is not there now. A folder that has its sensor already is no fault. */
const EXIT = { usage: 2, unavailable: 69, conflict: 6 } as const
/** Between two looks at whether folder and server are still there. */
const TICK_MS = 1_000

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    watch: { type: 'string', multiple: true, default: [] },
    linger: { type: 'string' },
    loader: { type: 'string', default: loaderPath() },
  },
})

if (values.data === undefined) end(EXIT.usage, 'usage: --data DIR [--watch CGROUP]... [--linger SECONDS]')
await run(resolve(values.data))

async function run(data: string): Promise<void> {
  const [obstacle] = sensorObstacles(values.loader)
  if (obstacle !== undefined) end(EXIT.unavailable, `${obstacle.detail}. Remedy: ${obstacle.remedy}`)
  const folder = join(data, 'sensor')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  using lock = lockFolder(folder)
  if (lock === undefined) end(EXIT.conflict, `another sensor serves ${data}`)
  const stopping = Promise.withResolvers<string>()
  // Before its id is written: whoever reads that may end the sensor at once.
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stopping.resolve(signal))
  writeFileSync(join(folder, 'pid'), `${process.pid}\n`, { mode: 0o600 })
  const server = serverOf(data)
  const kubernetes = kubernetesOf(process.env)
  await using driver = await Driver.start({
    loader: values.loader,
    server,
    folder,
    sensor: server.kind === 'local' ? sensorId(folder) : server.identity.sensor,
    start: randomBytes(8).toString('hex'),
    host: hostName(process.env, hostname()),
    cluster: process.env['HOLDFAST_CLUSTER'],
    cgroupMount: cgroupMount() ?? '',
    pods: kubernetes === undefined ? undefined : new KubernetesPods(kubernetes),
    unseen: [],
    onStop: () => stopping.resolve('the server'),
    say,
  })
  await driver.restore()
  for (const path of values.watch) {
    const service = path.split('/').at(-1) ?? path
    const result = await driver.watch({ path, service, allOpens: false, tls: true })
    if (!result.ok) say(result.error)
  }
  const tick = setInterval(() => {
    // Its folder was removed: there is nobody to record for.
    if (!existsSync(folder)) stopping.resolve('the end of its folder')
    const lingerMs = Number(values.linger ?? Number.POSITIVE_INFINITY) * 1000
    if (driver.serverAwayMs > lingerMs) stopping.resolve('the end of its server')
  }, TICK_MS)
  const why = await Promise.race([stopping.promise, driver.ended])
  clearInterval(tick)
  if (typeof why === 'string') return
  process.exitCode = EXIT.unavailable
  say(why.message)
}

/** The same over restarts, so that the server knows the sensor again. */
function sensorId(folder: string): string {
  const path = join(folder, 'id')
  const known = existsSync(path) ? readFileSync(path, 'utf8').trim() : ''
  // A power failure may leave the file empty: the server takes nothing from a sensor without a name.
  if (/^[0-9a-f-]{36}$/.test(known)) return known
  const id = randomUUID()
  writeFileSync(path, `${id}\n`, { mode: 0o600 })
  return id
}

function say(line: string): void {
  process.stderr.write(`holdfast sensor: ${line}\n`)
}

function end(code: number, line: string): never {
  say(line)
  process.exit(code)
}
