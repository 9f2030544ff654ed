import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { startTestServer, type TestServer } from '../../testing/server.ts'

const PATIENT = { timeout: 60_000, interval: 50 }
const isRoot = process.platform === 'linux' && process.getuid?.() === 0

/** Whether the sensor runs: the reason for which it cannot. */
async function obstacleOf({ ready, env }: TestServer): Promise<string> {
  return await vi.waitFor(async () => {
    const response = await fetch(`${ready.http}/api/v1/sensors`, {
      headers: { authorization: `Bearer ${env['HOLDFAST_TOKEN']}` },
    })
    const { local } = (await response.json()) as {
      readonly local: { readonly state: string; readonly obstacles: readonly { readonly detail: string }[] }
    } // GET /api/v1/sensors
    expect(local.state).not.toBe('starting')
    return local.state === 'running' ? '' : (local.obstacles[0]?.detail ?? local.state)
  }, PATIENT)
}

test.skipIf(!isRoot)('a server that is asked to end leaves no process of its sensor', async ({ skip }) => {
  await using server = await startTestServer({ sensor: true })
  const obstacle = await obstacleOf(server)
  skip(obstacle !== '', obstacle)
  const sensor = await sensorOf(server)
  server.child.kill('SIGTERM')
  await server.ended
  await vi.waitFor(() => expect(sensor.filter(isAlive)).toEqual([]), PATIENT)
})

test.skipIf(!isRoot)(
  'a server that is killed leaves its sensor to the next one, whose end is that of every process of it',
  async ({ skip }) => {
    const killed = await startTestServer({ sensor: true })
    await using _whateverHappens = killed
    const obstacle = await obstacleOf(killed)
    skip(obstacle !== '', obstacle)
    const sensor = await sensorOf(killed)
    killed.child.kill('SIGKILL')
    await killed.ended
    expect(sensor.filter(isAlive)).toEqual(sensor)
    await using next = await startTestServer({ sensor: true, data: killed.data })
    await vi.waitFor(async () => expect(await obstacleOf(next)).toBe(''), PATIENT)
    next.child.kill('SIGTERM')
    await next.ended
    await vi.waitFor(() => expect(sensor.filter(isAlive)).toEqual([]), PATIENT)
  },
)

type Process = { readonly pid: number; readonly parent: number; readonly startTicks: string }

/** The driver of a server and all that descends from it, once its keeper is there: the last that a loader starts. */
async function sensorOf({ data }: TestServer): Promise<readonly Process[]> {
  return await vi.waitFor(() => {
    const driver = Number(readFileSync(join(data, 'sensor', 'pid'), 'utf8'))
    const all = processes()
    const found = all.filter(({ pid }) => pid === driver)
    for (const { pid } of found) found.push(...all.filter(({ parent }) => parent === pid))
    const names = found.map(({ pid }) => readFileSync(`/proc/${pid}/comm`, 'utf8').trim())
    expect(names).toContain('holdfast-keeper')
    return found
  }, PATIENT)
}

function processes(): readonly Process[] {
  return readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? (processOf(Number(name)) ?? []) : []))
}

function processOf(pid: number): Process | undefined {
  try {
    // The second word is the name in brackets, which may hold anything.
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const [state, parent, ...rest] = text.slice(text.lastIndexOf(')') + 2).split(' ')
    return state === 'Z' ? undefined : { pid, parent: Number(parent), startTicks: rest[17] ?? '' }
  } catch {
    // It has ended meanwhile.
    return undefined
  }
}

/** The very same one: numbers come again. */
function isAlive({ pid, startTicks }: Process): boolean {
  return processOf(pid)?.startTicks === startTicks
}
