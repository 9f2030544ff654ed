import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { cli } from '../../testing/run.ts'
import { CLI_PROGRAM, startTestServer, type TestServer } from '../../testing/server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer({ sensor: true })
  await vi.waitFor(async () => expect(await sensorState()).not.toBe('starting'), { timeout: 60_000, interval: 200 })
}, 180_000)
beforeEach(async ({ skip }) => {
  skip(process.getuid?.() !== 0, 'it takes root')
  const state = await sensorState()
  skip(state !== 'running', `nobody can be held here: the sensor is ${state}`)
})
afterAll(() => server?.[Symbol.asyncDispose]())

async function sensorState(): Promise<string> {
  const headers = { authorization: `Bearer ${server.ready.token}` }
  const answer = (await (await fetch(`${server.ready.http}/api/v1/sensors`, { headers })).json()) as {
    readonly local: { readonly state: string }
  } // the route's own answer
  return answer.local.state
}

type Accounts = readonly { readonly name: string; readonly state: string }[]

// A run imports its quiet weeks first, which takes minutes on a machine with other work.
vi.setConfig({ testTimeout: 600_000 })

/** Accounts that a run hires. */
const CREW = 6

const options = () => ({ env: server.env, cwd: server.data })

async function printed<T>(...args: readonly string[]): Promise<T> {
  return JSON.parse((await cli([...args, '--json'], options())).stdout) as T // what the command documents
}

/** What a demo would leave that concerns agents which are none of it. */
async function standing(): Promise<object> {
  const items = await printed<Accounts>('accounts', 'list')
  return {
    policy: await printed<object>('response', 'policy', 'show'),
    accounts: items.filter(({ state }) => state === 'active').map(({ name }) => name),
  }
}

async function revoked(): Promise<number> {
  return (await printed<Accounts>('accounts', 'list')).filter(({ state }) => state === 'revoked').length
}

/** Runs a response, and does something once it says this line; resolves once it has ended. */
async function respondUntil(
  said: string,
  then: (child: ChildProcess) => Promise<void>,
): Promise<{ readonly code: number | null }> {
  const child = spawn(process.execPath, [...CLI_PROGRAM, 'demo', 'incident', 'sanctioned-bucket', '--respond'], {
    env: { ...process.env, ...server.env },
    cwd: server.data,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const closed = once(child, 'close')
  for await (const line of createInterface({ input: child.stderr })) if (line === said) await then(child)
  await closed
  return { code: child.exitCode }
}

test('a run that fails leaves the response policy and the accounts as they were: its demo is removed under it', async () => {
  const before = await standing()
  const { code } = await respondUntil('acting', async () => {
    expect((await cli(['demo', '--remove', '--json'], options())).code).toBe(0)
  })
  expect(code).toBe(1)
  expect(await standing()).toEqual(before)
})

test('a response that is interrupted leaves the response policy of a server as it was decided there, and its accounts are revoked on record', async () => {
  const earlier = await revoked()
  await cli(['response', 'policy', 'set', '--automatic', 'table', '--reason', 'decided here', '--json'], options())
  const before = await standing()
  await respondUntil('acting', async (child) => void child.kill('SIGINT'))
  expect(await standing()).toEqual(before)
  expect((await revoked()) - earlier).toBe(CREW)
})
