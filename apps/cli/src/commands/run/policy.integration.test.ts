import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { Allowed, PolicyArtifact } from '@holdfast/model'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { cli } from '../../testing/run.ts'
import { CLI_PROGRAM, startTestServer, type TestServer } from '../../testing/server.ts'
import { egressArtifact, madeArtifact } from './policy/testing/made-artifact.ts'
import type { RunReport } from './summary.ts'

const isRoot = process.platform === 'linux' && process.getuid?.() === 0
const governing = test.skipIf(!isRoot)

let server: TestServer
let folder = ''
const listeners: Server[] = []
const ports: number[] = []

beforeAll(async () => {
  if (!isRoot) return
  folder = mkdtempSync(join(tmpdir(), 'holdfast-policy-'))
  server = await startTestServer({ sensor: true })
  for (let i = 0; i < 2; i += 1) {
    const listener = createServer((socket) => socket.on('error', () => {}).end()).listen(0, '127.0.0.1')
    await once(listener, 'listening')
    const address = listener.address()
    ports.push(address === null || typeof address === 'string' ? 0 : address.port)
    listeners.push(listener)
  }
})

afterAll(async () => {
  for (const listener of listeners) listener.close()
  await server?.[Symbol.asyncDispose]()
  if (folder !== '') rmSync(folder, { recursive: true, force: true })
})

const AGENTS = [
  { name: 'one', call: 'mkdir' },
  { name: 'other', call: 'link' },
] as const
const to = (at: number): Allowed => ({ address: '127.0.0.1', prefix: 32, port: ports[at] ?? 0, protocol: 'tcp' })

/** All but the other's calls, and its own destination: what each must be kept from is then known. */
function policiesOf(at: number): readonly PolicyArtifact[] {
  const calls = AGENTS.filter((_, i) => i !== at).flatMap(({ call }) => [call, `${call}at`])
  return [
    madeArtifact(
      'seccomp',
      {
        defaultAction: 'SCMP_ACT_ALLOW',
        syscalls: [{ names: calls, action: 'SCMP_ACT_ERRNO', errnoRet: 1 }],
      },
      { agent: `host:test/${at}` },
    ),
    egressArtifact([to(at)], { agent: `host:test/${at}` }),
  ]
}

type Ran = { readonly code: number | null; readonly report: string; readonly said: string }

async function run(flags: readonly string[], command: readonly string[]): Promise<Ran> {
  const args = [...CLI_PROGRAM, 'run', '--json', ...flags, '--', ...command]
  const child = spawn(process.execPath, args, {
    cwd: folder,
    env: { ...process.env, ...server.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const code = new Promise<number | null>((done) => child.once('close', done))
  const [report, said] = await Promise.all([text(child.stdout), text(child.stderr)])
  return { code: await code, report, said }
}

/** Each step of both agents, in a shell: what became of it is a line. */
function everything(name: string): readonly string[] {
  const steps = [
    `mkdir ${name}-folder && echo mkdir done`,
    `touch ${name}-file && ln ${name}-file ${name}-link && echo link done`,
    ...ports.map((port, at) => `(exec 3<>/dev/tcp/127.0.0.1/${port}) && echo reached ${at}`),
  ]
  return ['bash', '-c', `${steps.join('; ')}; true`]
}

governing('two agents run at once, and each is kept from what the other may do', async () => {
  const runs = AGENTS.map(async ({ name }, at) => {
    const file = join(folder, `${name}.json`)
    writeFileSync(file, JSON.stringify({ artifacts: policiesOf(at) }))
    return await run(['--name', name, '--policy', file, '--mode', 'enforce'], everything(name))
  })
  const [one, other] = await Promise.all(runs)
  expect(one?.said).toContain('mkdir done')
  expect(one?.said).not.toContain('link done')
  expect(one?.said).toContain('reached 0')
  expect(one?.said).not.toContain('reached 1')
  expect(other?.said).not.toContain('mkdir done')
  expect(other?.said).toContain('link done')
  expect(other?.said).not.toContain('reached 0')
  expect(other?.said).toContain('reached 1')
  for (const [at, ran] of [one, other].entries()) {
    const report = JSON.parse(ran?.report ?? '') as RunReport // what `run --json` prints
    const [seccomp, egress] = policiesOf(at)
    expect(report.policy?.artifacts.map(({ artifact, mode }) => [artifact, mode])).toEqual([
      [seccomp?.id, 'enforce'],
      [egress?.id, 'enforce'],
    ])
    const told = report.policy?.violations.map(({ artifact, pointer, what, conversation }) => ({
      artifact,
      pointer,
      what,
      conversation,
    }))
    const conversation = report.trace
    expect(told).toContainEqual({
      artifact: seccomp?.id,
      pointer: '/syscalls/0',
      what: expect.stringMatching(at === 0 ? /^link/ : /^mkdir/),
      conversation,
    })
    expect(told).toContainEqual({
      artifact: egress?.id,
      pointer: '/default',
      what: `127.0.0.1:${ports[1 - at]}/tcp`,
      conversation,
    })
  }
})

governing('while monitoring nothing is refused, and the same is told, though the list is over its time', async () => {
  const old = egressArtifact([to(0)], { validUntil: '2001-01-01T00:00:00.000Z' })
  const [seccomp] = policiesOf(0)
  const file = join(folder, 'monitored.json')
  writeFileSync(file, JSON.stringify([old, seccomp]))
  const ran = await run(['--policy', file], everything('monitored'))
  for (const done of ['mkdir done', 'link done', 'reached 0', 'reached 1']) expect(ran.said).toContain(done)
  expect(ran.said).toContain('held until 2001-01-01T00:00:00.000Z: it would not be enforced')
  const { policy } = JSON.parse(ran.report) as RunReport // what `run --json` prints
  expect(policy?.violations.map(({ kind, mode }) => `${kind} ${mode}`).toSorted()).toEqual(
    expect.arrayContaining(['host-egress monitor', 'seccomp monitor']),
  )
})

governing('a policy that is not whole, or cannot be put on, keeps the program from running', async () => {
  const [seccomp] = policiesOf(0)
  const old = egressArtifact([to(0)], { validUntil: '2001-01-01T00:00:00.000Z' })
  const cases: readonly (readonly [given: unknown, words: string, flags?: readonly string[]])[] = [
    [{ ...seccomp, agent: 'another' }, 'was altered'],
    [madeArtifact('network-policy', {}), 'holds no artifact of a host'],
    [egressArtifact([{ ...to(0), port: -1 }]), 'egress[0]: port'],
    [[egressArtifact([to(0)]), egressArtifact([to(1)])], 'names 2 different policies of host-egress'],
    [old, 'held until 2001-01-01T00:00:00.000Z: it is not enforced', ['--mode', 'enforce']],
  ]
  const file = join(folder, 'bad.json')
  for (const [given, words, flags = []] of cases) {
    writeFileSync(file, JSON.stringify(given))
    const args = ['run', '--policy', file, ...flags, '--', 'touch', 'ran']
    const ran = await cli(args, { cwd: folder, env: { ...process.env, ...server.env } })
    expect(ran).toMatchObject({ code: expect.toSatisfy((code) => code !== 0), stderr: expect.stringContaining(words) })
  }
  expect(readdirSync(folder)).not.toContain('ran')
})
