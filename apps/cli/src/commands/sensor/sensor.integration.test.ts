import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loaderPath, sensorObstacles } from '@holdfast/sensor'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { documentedFields, fieldFaults } from '../../testing/documented-fields.ts'
import { cli, type Transcript } from '../../testing/run.ts'
import { CLI_PROGRAM, startTestServer, type TestServer } from '../../testing/server.ts'

/** Why no sensor can run here. */
const noSensor = sensorObstacles(loaderPath())
  .map(({ detail }) => detail)
  .join('; ')
const PATIENT = { timeout: 30_000, interval: 100 }
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\n$/

let server: TestServer
/** Of the other host: it has no folder of a server. */
let folder = ''
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-other-host-'))
  server = await startTestServer({ flags: ['--sensor-listen', '127.0.0.1:0'] })
})
afterAll(async () => {
  await server?.[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true, force: true })
})

const operator = (...args: readonly string[]) => cli(['sensor', ...args], { env: server.env, cwd: folder })

/** What `sensor token > token.txt` and then `sensor enrol` leave behind, the latter on a host of its own. */
async function enrolled(data: string): Promise<Transcript> {
  const { stdout } = await operator('token')
  writeFileSync(join(folder, 'token.txt'), stdout)
  return await enrol(data)
}

function enrol(data: string, url = server.ready.sensors ?? ''): Promise<Transcript> {
  return cli(['sensor', 'enrol', '--server', url, '--token-file', 'token.txt', '--data', data], { cwd: folder })
}

/** The state in which the server has the sensor; undefined before it has reported itself. */
async function stateOf(sensor: string): Promise<string | undefined> {
  const headers = { authorization: `Bearer ${server.ready.token}` }
  const response = await fetch(`${server.ready.http}/api/v1/sensors`, { headers })
  // The route's own answer.
  const { items } = (await response.json()) as { readonly items: readonly { readonly id: string; state: string }[] }
  return items.find(({ id }) => id === sensor)?.state
}

test('a token stands alone on standard output, and as JSON with exactly the documented fields', async () => {
  const said = await operator('token')
  expect(said).toEqual({
    code: 0,
    stdout: expect.stringMatching(/^hfs_\S+\.[0-9a-f]{64}\n$/),
    stderr: 'enrols one sensor within 15 minutes; shown this once\n',
  })
  const { stdout } = await operator('token', '--json')
  expect(fieldFaults(JSON.parse(stdout), documentedFields('sensor token --json'))).toEqual([])
})

test('enrolling prints the id alone, keeps the key from others, and uses the token up', async () => {
  const first = await enrolled('first')
  expect(first).toEqual({ code: 0, stdout: expect.stringMatching(UUID), stderr: '' })
  expect(statSync(join(folder, 'first', 'sensor')).mode & 0o077).toBe(0)
  const again = await enrol('again')
  expect(again).toMatchObject({ code: 69, stdout: '' })
  expect(again.stderr).toContain('not enrolled: ')
  expect(again.stderr).toContain('holdfast sensor token on the host of the server')
})

test('a server is named by its https address', async () => {
  expect(await enrol('none', 'http://127.0.0.1:4320')).toMatchObject({ code: 2, stdout: '' })
})

test('nobody is revoked without --yes, nor under an id that nobody has', async () => {
  const sensor = (await enrolled('second')).stdout.trim()
  expect(await operator('revoke', sensor)).toMatchObject({ code: 2, stderr: expect.stringContaining('add --yes') })
  expect(await operator('revoke', '00000000-0000-4000-8000-000000000000', '--yes')).toMatchObject({ code: 4 })
  expect(await operator('revoke', sensor, '--yes')).toEqual({ code: 0, stdout: '', stderr: 'revoked\n' })
})

describe.skipIf(noSensor !== '')(`the sensor of another host ${noSensor}`, () => {
  test('runs until it is ended, and is cut off once it is revoked', async () => {
    const sensor = (await enrolled('third')).stdout.trim()
    const child = spawn(process.execPath, [...CLI_PROGRAM, 'sensor', 'run', '--data', join(folder, 'third')], {
      stdio: 'ignore',
    })
    const ended = once(child, 'exit')
    try {
      await vi.waitFor(async () => expect(await stateOf(sensor)).toBe('connected'), PATIENT)
      expect(await operator('revoke', sensor, '--yes')).toMatchObject({ code: 0 })
      await vi.waitFor(async () => expect(await stateOf(sensor)).toBe('away'), PATIENT)
      // What it goes on to record waits on its disk.
      expect(child.exitCode).toBeNull()
    } finally {
      child.kill('SIGTERM')
    }
    expect(await ended).toEqual([0, null])
  })

  test('in a folder that is enrolled nowhere it waits for a server of its own host', async () => {
    const child = spawn(process.execPath, [...CLI_PROGRAM, 'sensor', 'run', '--data', join(folder, 'nowhere')], {
      stdio: 'ignore',
    })
    await vi.waitFor(() => expect(statSync(join(folder, 'nowhere', 'sensor', 'pid')).isFile()).toBe(true), PATIENT)
    child.kill('SIGTERM')
    expect(await once(child, 'exit')).toEqual([0, null])
  })
})
