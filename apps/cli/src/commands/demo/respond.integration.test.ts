import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { cli } from '../../testing/run.ts'
import { CLI_PROGRAM, startTestServer, type TestServer } from '../../testing/server.ts'

let server: TestServer
beforeAll(async () => {
  // Without a sensor nobody can be held, so that a case cannot be worked to its end.
  server = await startTestServer()
})
afterAll(() => server?.[Symbol.asyncDispose]())

type Accounts = readonly { readonly name: string; readonly state: string }[]

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

test('a response that is interrupted leaves the response policy of a server as it was decided there, and its accounts are revoked on record', async () => {
  await cli(['response', 'policy', 'set', '--automatic', 'table', '--reason', 'decided here', '--json'], options())
  const before = await standing()
  const child = spawn(process.execPath, [...CLI_PROGRAM, 'demo', 'incident', 'sanctioned-bucket', '--respond'], {
    env: { ...process.env, ...server.env },
    cwd: server.data,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const closed = once(child, 'close')
  for await (const line of createInterface({ input: child.stderr })) if (line === 'acting') child.kill('SIGINT')
  await closed
  expect(await standing()).toEqual(before)
  const items = await printed<Accounts>('accounts', 'list')
  expect(items.filter(({ state }) => state === 'revoked')).toHaveLength(CREW)
})
