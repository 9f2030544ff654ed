import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { Answer } from '@holdfast/api'
import { LogReader } from '@holdfast/recorder'
import type { ServerProcess } from '@holdfast/testkit'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { noSensor } from '../sensor/testing/sensed-cgroup.ts'
import { startServer } from '../testing/server-process.ts'
import { deskAgent, deskHistory } from './testing/desk-history.ts'

const CLI = join(import.meta.dirname, '../../../cli/src/main.ts')
const DESK = deskAgent('desk')
const DAYS = 15
/** Just often enough to be a line of its own. */
const RARE = [2, 5, 9].map((day) => ({ day, tool: 'order.look', host: 'orders.example.test' }))
const AGENT = `/api/v1/agents/${encodeURIComponent(DESK)}`
const PATIENT = { timeout: 120_000, interval: 100 }

let folder = ''
let server: ServerProcess
let listener: Server
let port = 0

beforeAll(async () => {
  if (noSensor !== '') return
  folder = mkdtempSync(join(tmpdir(), 'holdfast-run-by-id-'))
  listener = createServer((socket) => socket.on('error', () => {}).end()).listen(0, '127.0.0.1')
  await once(listener, 'listening')
  const address = listener.address()
  port = address === null || typeof address === 'string' ? 0 : address.port
  server = await startServer(folder, { sensor: true })
  const history = await fetch(`${server.ready.http}/api/v1/import?name=desk.jsonl`, {
    method: 'POST',
    headers: { authorization: `Bearer ${server.ready.token}`, 'content-type': 'application/octet-stream' },
    body: deskHistory('desk', { days: DAYS, calls: RARE, executions: 30 }),
  })
  expect(history.ok).toBe(true)
})

afterAll(async () => {
  listener?.close()
  await server?.stop()
  if (folder !== '') rmSync(folder, { recursive: true, force: true })
})

test.skipIf(noSensor !== '')(
  `a policy of this server is put on a run by its id, watching and enforcing, and not once it is pulled back ${noSensor}`,
  async () => {
    const egress = await vi.waitFor(async () => {
      const made = await server.post<Answer<'generatePolicies'>>(`${AGENT}/policies`, { kinds: ['host-egress'] })
      const [artifact] = made.artifacts
      if (artifact === undefined || !JSON.stringify(artifact.document).includes('orders.example.test'))
        throw new Error('the history is not read yet')
      return artifact
    }, PATIENT)
    // The server itself is on the list, as the collector, and nobody else on loopback.
    const elsewhere = `127.0.0.1:${port}/tcp`
    expect(JSON.stringify(egress.document)).not.toContain(String(port))

    const watched = await run(['--policy', egress.id])
    expect(watched.said).toContain('reached')
    expect(violations(watched.report)).toEqual([[egress.id, '/default', elsewhere, 'monitor']])

    const enforced = await run(['--policy', egress.id, '--mode', 'enforce'])
    expect(enforced.said).not.toContain('reached')
    expect(enforced.said).toContain('was never rolled out: this run enforces it by your word')
    expect(violations(enforced.report)).toEqual([[egress.id, '/default', elsewhere, 'enforce']])

    // The artifact is of the agent in the cluster; who was refused in its name runs here.
    await vi.waitFor(async () => {
      const { items } = await server.get<Answer<'listAudit'>>('/api/v1/audit?kind=violation')
      expect(items).toEqual(
        expect.arrayContaining(
          ['monitor', 'enforce'].map((mode) =>
            expect.objectContaining({ artifact: egress.id, mode, agent: expect.stringMatching(/^host:/) }),
          ),
        ),
      )
    }, PATIENT)

    const opened = await run(['--policy', egress.id, '--mode', 'enforce', '--loopback', 'any'])
    expect(opened.said).toContain('reached')
    expect(watchesOf(egress.id)).toEqual([
      ...['intended', 'done'].map((outcome) => [outcome, 'monitor']),
      ...['intended', 'done'].map((outcome) => [outcome, 'enforce']),
      ...['intended', 'done'].map((outcome) => [outcome, 'enforce, loopback any']),
    ])

    const positions = egress.lines
      .filter(({ what }) => what.includes('orders.example.test'))
      .flatMap(({ grounds }) => grounds.flatMap(({ entries }) => entries))
    await server.post(`${AGENT}/profile/marks`, {
      mark: 'contaminated',
      positions: positions.map((entry) => [entry, entry]),
      reason: 'test',
    })
    await vi.waitFor(async () => {
      const { contaminatedBy } = await server.get<Answer<'getPolicyStanding'>>(`${AGENT}/policies/standing`)
      expect(contaminatedBy).not.toEqual([])
    }, PATIENT)
    const refused = await run(['--policy', egress.id, '--mode', 'enforce'], 'touch ran')
    expect(refused).toMatchObject({ code: 6, report: '' })
    expect(refused.said).toContain('was pulled back: an incident tainted what it rests on: it is not enforced')
    expect(readdirSync(folder)).not.toContain('ran')
  },
)

type Ran = { readonly code: number | null; readonly report: string; readonly said: string }

async function run(
  flags: readonly string[],
  script = `(exec 3<>/dev/tcp/127.0.0.1/${port}) && echo reached`,
): Promise<Ran> {
  const command = ['run', '--json', '--name', 'desk', ...flags, '--', 'bash', '-c', `${script}; true`]
  const { http, token } = server.ready
  const child = spawn(process.execPath, ['--conditions=@holdfast/source', CLI, ...command], {
    cwd: folder,
    env: { ...process.env, HOLDFAST_URL: http, HOLDFAST_TOKEN: token },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const code = new Promise<number | null>((done) => child.once('close', done))
  const [report, said] = await Promise.all([text(child.stdout), text(child.stderr)])
  return { code: await code, report, said }
}

function violations(report: string): readonly (readonly unknown[])[] {
  const { policy } = JSON.parse(report) as {
    readonly policy?: { readonly violations: readonly Readonly<Record<string, unknown>>[] }
  } // what `run --json` prints
  return (policy?.violations ?? []).map(({ artifact, pointer, what, mode }) => [artifact, pointer, what, mode])
}

/** Outcome and mode of each operator action that put this list on, as the log has them. */
function watchesOf(artifact: string): readonly (readonly unknown[])[] {
  using reader = LogReader.open({ folder })
  return [...reader.controls('operator-action')].flatMap(({ record }) => {
    if (record.kind !== 'operator-action' || record.action !== 'watch') return []
    const mode = new RegExp(`egress list ${artifact} \\(([^;]+);`).exec(record.detail ?? '')?.[1]
    return mode === undefined ? [] : [[record.outcome, mode]]
  })
}
