import { spawn, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { chat, toolCall, traceRequest } from '@holdfast/testkit'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { cli } from './testing/run.ts'
import { documentedFields, fieldFaults } from './testing/documented-fields.ts'
import { CLI_PROGRAM, sendRecording, startTestServer, type TestServer } from './testing/server.ts'

const CONVERSATION = 'conv-4711'
const AGENT = 'order-desk'
let server: TestServer
let folder = ''
const run = (...args: readonly string[]) => cli(args, { env: server.env, cwd: folder })
const json = async (...args: readonly string[]): Promise<unknown> => JSON.parse((await run(...args, '--json')).stdout)

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-cli-out-'))
  server = await startTestServer()
  await sendRecording(server, 'otel-genai/001.traces.pb')
  await vi.waitFor(async () => expect((await run('graph', CONVERSATION)).code).toBe(0), { timeout: 90_000 })
})

async function sendSpans(request: unknown): Promise<void> {
  const { status } = await fetch(`${server.ready.otlpHttp}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(request),
  })
  expect(status).toBe(200)
}

afterAll(async () => {
  await server?.[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true, force: true })
})

test('up becomes the server under its own pid and prints the documented line', () => {
  expect(server.ready['pid']).toBe(server.child.pid)
  expect(fieldFaults(server.ready, documentedFields('up --json'))).toEqual([])
})

test('up on a path that cannot be its folder ends with 2 and says why', () => {
  const file = join(folder, 'a-file')
  writeFileSync(file, '')
  const { status, stderr } = spawnSync(process.execPath, [...CLI_PROGRAM, 'up', '--data', file], { timeout: 30_000 })
  expect({ status, stderr: stderr.toString() }).toEqual({
    status: 2,
    stderr: `holdfast up: --data ${file}: ${file} is a file, not a folder: name another folder\n`,
  })
})

describe('JSON has exactly the fields of docs/cli.md', () => {
  test.each([
    ['agents --json', ['agents']],
    ['bom show AGENT --json', ['bom', 'show', AGENT]],
    ['bom diff AGENT --from T --json', ['bom', 'diff', AGENT, '--from', '9d']],
    ['baseline show AGENT --json', ['baseline', 'show', AGENT]],
    ['scope AGENT --json', ['scope', AGENT]],
    ['graph ID --json', ['graph', CONVERSATION]],
    ['evidence status ID --json', ['evidence', 'status', CONVERSATION]],
    ['log verify --json', ['log', 'verify']],
    ['log checkpoint --json', ['log', 'checkpoint']],
    ['doctor --json', ['doctor']],
    ['fleet --json', ['fleet']],
    ['tail --json', ['tail', '--since', '#0', '-n', '1']],
  ])('%s', async (form, args) => {
    const printed = await json(...args)
    const one: unknown = Array.isArray(printed) ? printed[0] : printed
    expect(fieldFaults(one, documentedFields(form))).toEqual([])
  })

  test('evidence export and verify, import', async () => {
    const exported = await json('evidence', 'export', CONVERSATION, '--out', 'fields.zip')
    expect(fieldFaults(exported, documentedFields('evidence export ID --json'))).toEqual([])
    const verified = await json('evidence', 'verify', 'fields.zip')
    expect(fieldFaults(verified, documentedFields('evidence verify PATH --json'))).toEqual([])
    writeFileSync(join(folder, 'no-recording.json'), '{}')
    const imported = await json('import', 'no-recording.json')
    expect(fieldFaults(imported, documentedFields('import PATH... --json'))).toEqual([])
  })
})

describe('log verify --checkpoint', () => {
  test('proves of a running server and of its stopped folder that they begin with a kept checkpoint', async () => {
    await using own = await startTestServer()
    const there = { env: own.env, cwd: folder }
    await sendRecording(own, 'otel-genai/001.traces.pb')
    const { stdout: note } = await cli(['log', 'checkpoint'], there)
    writeFileSync(join(folder, 'kept.txt'), note)
    await sendRecording(own, 'mastra/001.traces.pb')
    await cli(['log', 'checkpoint'], there)
    const size = Number(note.split('\n')[1])
    const served = await cli(['log', 'verify', '--checkpoint', 'kept.txt', '--json'], there)
    expect({ code: served.code, facts: JSON.parse(served.stdout) as unknown }).toMatchObject({
      code: 0,
      facts: { ok: true, kept: { size } },
    })
    own.child.kill('SIGTERM')
    await own.ended
    const stopped = await cli(['log', 'verify', '--data', own.data, '--checkpoint', 'kept.txt'], { cwd: folder })
    const alone = await cli(['log', 'verify'], { env: own.env, cwd: folder })
    expect(alone).toMatchObject({
      code: 69,
      stderr: expect.stringContaining('without a server: holdfast log verify --data DIR'),
    })
    expect(stopped.code).toBe(0)
    expect(stopped.stdout).toContain(`begins with the ${size} entries of the checkpoint given`)
    // The other server's log has another key: it cannot begin with this one.
    const foreign = await run('log', 'verify', '--checkpoint', 'kept.txt')
    expect(foreign.code).toBe(1)
    expect(foreign.stdout).toContain('kept.txt')
  })

  test('ends with 4 where the file is absent, and with 2 where it cannot be a checkpoint', async () => {
    expect((await run('log', 'verify', '--checkpoint', 'absent.txt')).code).toBe(4)
    writeFileSync(join(folder, 'long.txt'), 'x'.repeat(5000))
    expect((await run('log', 'verify', '--checkpoint', 'long.txt')).code).toBe(2)
  })
})

describe('agents', () => {
  test('lists who was heard, and counts on standard error', async () => {
    const { code, stdout, stderr } = await run('agents')
    expect(code).toBe(0)
    expect(stdout).toMatch(/^NAME +CLASS +ROSTER +EVENTS/)
    expect(stdout).toContain('order-desk')
    expect(stderr).toContain('1 of 1 agents')
  })

  test.each(['ndjson', 'yaml', 'csv', 'md', 'wide'])('-o %s holds the same agent', async (format) => {
    const { code, stdout } = await run('agents', '-o', format)
    expect(code).toBe(0)
    expect(stdout).toContain('order-desk')
  })
})

describe('graph', () => {
  test('every edge has both ends, a kind and a basis', async () => {
    const graph = (await json('graph', CONVERSATION)) as {
      nodes: readonly { id: string }[]
      edges: readonly { from: string; to: string; kind: string; basis: string }[]
    }
    const nodes = new Set(graph.nodes.map((node) => node.id))
    expect(graph.edges.length).toBeGreaterThan(0)
    for (const { from, to, kind, basis } of graph.edges) {
      expect([nodes.has(from), nodes.has(to), typeof kind, typeof basis]).toEqual([true, true, 'string', 'string'])
    }
  })

  test('a prefix, and the id of a trace or a prefix of it, name the conversation', async () => {
    const { traces } = (await json('graph', CONVERSATION)) as { traces: readonly [string] }
    const whole = (await run('graph', CONVERSATION)).stdout
    for (const id of [CONVERSATION.slice(0, 6), traces[0], traces[0].slice(0, 10)]) {
      expect((await run('graph', id)).stdout).toBe(whole)
    }
  })

  test('an unknown id ends with 4', async () => {
    expect(await run('graph', 'nothing-like-it', '--json')).toMatchObject({ code: 4, stdout: '' })
  })
})

describe('evidence', () => {
  test('a bundle verifies without the server, and with the key of the log', async () => {
    expect((await run('evidence', 'export', CONVERSATION, '--out', 'case.zip')).code).toBe(0)
    const alone = await cli(['evidence', 'verify', 'case.zip', '--key', join(server.data, 'log.vkey')], { cwd: folder })
    expect(alone.code).toBe(0)
    expect(alone.stdout).toContain('signed by the key you gave')
  })

  test('REG-7 two fields are hidden, the rest is proven, and what is hidden is in no byte of the bundle', async () => {
    const fields = ['--redact', 'gen_ai.input.messages', '--redact', 'gen_ai.tool.call.*']
    const exported = await json('evidence', 'export', CONVERSATION, '--out', 'hidden.zip', ...fields)
    expect(fieldFaults(exported, documentedFields('evidence export ID --json'))).toEqual([])
    const bundle = readFileSync(join(folder, 'hidden.zip'))
    expect(bundle.includes('Where is order 4711?')).toBe(false)
    expect(bundle.includes('[redacted]')).toBe(true)
    const key = ['--key', join(server.data, 'log.vkey')]
    const { code, stdout } = await cli(['evidence', 'verify', 'hidden.zip', ...key], { cwd: folder })
    expect(code).toBe(0)
    expect(stdout).toMatch(/gen_ai\.input\.messages: \d+ values? in \d+ entr/)
    expect(stdout).toMatch(/gen_ai\.tool\.call\.\*: \d+ values? in \d+ entr/)
    expect(stdout).toContain('unchanged since the log stated it before the export')
    const verified = JSON.parse(
      (await cli(['evidence', 'verify', 'hidden.zip', '--json'], { cwd: folder })).stdout,
    ) as unknown
    expect(fieldFaults(verified, documentedFields('evidence verify PATH --json'))).toEqual([])
    const shown = Buffer.from(bundle)
    const mark = shown.indexOf('[redacted]')
    shown.write('[revealed]', mark)
    writeFileSync(join(folder, 'revealed.zip'), shown)
    expect((await run('evidence', 'verify', 'revealed.zip')).code).toBe(1)
    expect((await run('log', 'verify', '--data', server.data)).code).toBe(0)
  })

  test('a field that stands nowhere, or for all records at once, is not hidden: nothing is exported', async () => {
    const absent = await run('evidence', 'export', CONVERSATION, '--out', 'none.zip', '--redact', 'no.such.field')
    expect(absent.code).not.toBe(0)
    expect(absent.stderr).toContain('has a field "no.such.field": nothing was exported')
    const shared = await run('evidence', 'export', CONVERSATION, '--out', 'none.zip', '--redact', 'service.name')
    expect(shared.stderr).toContain('field "service.name" is stated for all records of an agent at once')
    expect((await run('evidence', 'verify', 'none.zip')).code).toBe(4)
  })

  test('a changed byte ends verify with 1 and is named', async () => {
    await run('evidence', 'export', CONVERSATION, '--out', 'changed.zip')
    const file = join(folder, 'changed.zip')
    const bytes = readFileSync(file)
    const middle = Math.floor(bytes.length / 2)
    bytes[middle] = (bytes[middle] ?? 0) ^ 1
    writeFileSync(file, bytes)
    const { code, stdout } = await run('evidence', 'verify', 'changed.zip')
    expect(code).toBe(1)
    expect(stdout).toMatch(/^NOT INTACT .*\n {2}data\//)
    const junit = await run('evidence', 'verify', 'changed.zip', '-o', 'junit')
    expect(junit.code).toBe(1)
    expect(junit.stdout).toMatch(
      /<testcase name="[^"]*changed\.zip" classname="evidence verify">\n +<failure message="data\//,
    )
    const whole = await run('log', 'verify', '-o', 'junit')
    expect(whole).toMatchObject({ code: 0, stdout: expect.stringContaining('tests="1" failures="0" errors="0"') })
  })

  test('a bundle is no recording: import takes nothing of it and names what reads it', async () => {
    await run('evidence', 'export', CONVERSATION, '--out', 'no-recording.zip')
    const { code, stderr } = await run('import', 'no-recording.zip')
    expect(code).toBe(1)
    expect(stderr).toContain('holdfast evidence verify')
    expect(stderr).toContain('accepted 0')
  })

  test('a file that holds something is not replaced unless told', async () => {
    writeFileSync(join(folder, 'taken.zip'), 'x')
    expect((await run('evidence', 'export', CONVERSATION, '--out', 'taken.zip')).code).toBe(6)
    expect((await run('evidence', 'export', CONVERSATION, '--out', 'taken.zip', '--force')).code).toBe(0)
  })
})

test('evidence verify says of a file that is no zip that it is no bundle, and of a bundle that was cut that it is not intact', async () => {
  writeFileSync(join(folder, 'broken.json'), '{"neither":')
  const none = await run('evidence', 'verify', 'broken.json')
  expect(none).toMatchObject({ code: 1, stdout: expect.stringMatching(/^NO BUNDLE .*broken\.json\n/) })
  writeFileSync(join(folder, 'cut.zip'), 'PK\u0003\u0004')
  expect(await run('evidence', 'verify', 'cut.zip')).toMatchObject({
    code: 1,
    stdout: expect.stringMatching(/^NOT INTACT/),
  })
})

test('the record that README sends by hand leaves doctor with nothing that failed of its agent', async () => {
  const readme = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8')
  const now = String(BigInt(Date.now()) * 1_000_000n)
  const body = /\/v1\/traces -H 'content-type: application\/json' -d '([^]*?)'\n```/.exec(readme)?.[1] ?? ''
  const sent = await fetch(`${server.ready.otlpHttp}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: body.replaceAll("'$now'", now),
  })
  expect(sent.status).toBe(200)
  await vi.waitFor(async () => expect((await run('agents')).stdout).toContain('my-agent'), { timeout: 90_000 })
  const { stdout } = await run('doctor')
  expect(stdout).toMatch(/PASS +content of my-agent: all \d contents captured/)
  expect(stdout).not.toMatch(/FAIL[^\n]*my-agent/)
})

test('import ends with 3 where a part was rejected, with 1 where nothing was taken, and with 4 before anything is sent where a file is not there', async () => {
  writeFileSync(join(folder, 'nonsense.json'), '{"neither":"nor"}')
  const rejected = await run('import', 'nonsense.json')
  expect(rejected.code).toBe(1)
  expect(rejected.stderr).toContain('read 1, accepted 0, rejected 1')
  const declared = { mcpServers: { clock: { command: 'node', args: ['clock.js'] } } }
  writeFileSync(join(folder, 'partly.json'), JSON.stringify(declared))
  const part = await run('import', 'nonsense.json', 'partly.json', '--agent', 'host:-/partly')
  expect(part.code, part.stderr).toBe(3)
  expect((await run('import', 'nonsense.json', 'absent.json')).code).toBe(4)
})

test('import of a folder loads the recordings in it and below it, in order, and leaves the rest', async () => {
  const below = join(folder, 'recordings', 'below')
  mkdirSync(below, { recursive: true })
  for (const name of ['b.json', 'LICENSE', '.hidden.json', 'below/a.jsonl', 'labels.csv']) {
    writeFileSync(join(folder, 'recordings', name), '{"resourceSpans":[]}\n')
  }
  const { stdout, stderr } = await run('import', 'recordings', '--json')
  expect(stderr).toBe('')
  const { files } = JSON.parse(stdout) as { readonly files: readonly { readonly path: string }[] }
  expect(files.map(({ path }) => basename(path))).toEqual(['b.json', 'a.jsonl'])
  expect((await run('import', 'recordings/below', 'absent')).code).toBe(4)
})

test('an agent that is only declared has an inventory and no baseline, and an export that cannot be written says why', async () => {
  const mcp = { mcpServers: { crm: { command: 'crm' } } }
  writeFileSync(join(folder, 'mcp.json'), JSON.stringify(mcp))
  expect(await run('import', 'mcp.json', '--agent', 'host:-/quiet')).toMatchObject({ code: 0 })
  expect(await run('baseline', 'show', 'quiet')).toMatchObject({
    code: 4,
    stderr: expect.stringContaining('nothing of this agent’s behaviour was observed yet'),
  })
  const { code, stderr } = await run('bom', 'export', 'quiet', '--out', 'nowhere/bom.json')
  expect(code).toBe(69)
  expect(stderr).toContain('cannot write')
  expect(stderr).not.toContain('    at ')
  expect((await run('bom', 'export', 'quiet', '--out', 'bom.json')).code).toBe(0)
  expect((await run('bom', 'export', 'quiet', '--out', 'bom.json')).code).toBe(6)
  expect((await run('bom', 'export', 'quiet', '--out', 'bom.json', '--force')).code).toBe(0)
})

test('doctor ends with 1 where an agent sends no content, names the setting, and says what an incident would miss', async () => {
  const attributes = chat('mute', { user: '', answer: '' })
  const bare = Object.fromEntries(Object.entries(attributes).filter(([key]) => !key.endsWith('.messages')))
  const spans = [{ name: 'chat gpt-5-mini', traceState: 'ot=th:8', attributes: bare }]
  await sendSpans(traceRequest({ service: 'mute-desk', trace: 'mute', spans }))
  await vi.waitFor(async () => expect((await run('agents')).stdout).toContain('mute-desk'), { timeout: 90_000 })
  const { code, stdout } = await run('doctor')
  expect(code).toBe(1)
  expect(stdout).toMatch(/FAIL +content of mute-desk: \d of \d contents are not captured\n +fix: .*OTEL_/)
  expect(stdout).toMatch(/WARN +sampling of mute-desk: 1 of 1 spans state that their sampler keeps 50\.0 %/)
  expect(stdout).toMatch(/If an incident happened now[^]*mute-desk: A1 ✗/)
  const junit = await run('doctor', '-o', 'junit')
  expect(junit.code).toBe(1)
  expect(junit.stdout).toMatch(
    /<testcase name="content of mute-desk" classname="capture">\n +<failure message="\d of \d contents are not captured">[^<]*\nfix: .*OTEL_/,
  )
  expect(junit.stdout).toMatch(
    /<testcase name="sampling of mute-desk" classname="senders">\n +<system-out>WARN: 1 of 1/,
  )
})

test('a wrong token ends with 5 and says where the right one is', async () => {
  const { code, stderr } = await cli(['agents'], { env: { ...server.env, HOLDFAST_TOKEN: 'wrong' }, cwd: folder })
  expect(code).toBe(5)
  expect(stderr).toContain('does not accept the token that was given')
  expect(stderr).toContain('set HOLDFAST_TOKEN to a token of that server: the file token in its data folder')
})

test('without a token it says that none was given, and the token of the folder is one', async () => {
  const bare = { HOLDFAST_URL: server.env['HOLDFAST_URL'] ?? '' }
  const { code, stderr } = await cli(['agents'], { env: bare, cwd: folder })
  expect({ code, stderr }).toMatchObject({
    code: 5,
    stderr: expect.stringContaining('wants a token, and none was given'),
  })
  const token = readFileSync(join(server.data, 'token'), 'utf8').trim()
  expect((await cli(['agents'], { env: { ...bare, HOLDFAST_TOKEN: token }, cwd: folder })).code).toBe(0)
})

test('a follower prints what comes after it began, and ends with 130 when it is interrupted', async () => {
  const child = spawn(process.execPath, [...CLI_PROGRAM, 'tail', '--kind', 'tool-call', '-o', 'ndjson'], {
    env: { ...process.env, ...server.env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let printed = ''
  child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()))
  const ended = new Promise<number | null>((done) => child.once('exit', done))
  // One call after another until the follower is there to see one, however long it takes to begin.
  let calls = 0
  await expect
    .poll(
      async () => {
        const id = `call_${(calls += 1)}`
        const attributes = toolCall('followed', { name: 'look_up', id, args: '{}', result: '{}' })
        const spans = [{ name: 'execute_tool look_up', attributes }]
        await sendSpans(traceRequest({ service: 'followed-desk', trace: `followed ${calls}`, spans }))
        return printed
      },
      { timeout: 180_000, interval: 500 },
    )
    .toContain('\n')
  expect(JSON.parse(printed.split('\n')[0] ?? '')).toMatchObject({ kind: 'tool-call' })
  child.kill('SIGINT')
  expect(await ended).toBe(130)
})

test('SIGTERM ends the server cleanly, and its folder verifies to the last byte', async () => {
  await using own = await startTestServer()
  await sendRecording(own, 'otel-genai/001.traces.pb')
  own.child.kill('SIGTERM')
  expect(await own.ended).toBe(0)
  const { code, stdout } = await cli(['log', 'verify', '--data', own.data, '--json'])
  expect({ code, facts: JSON.parse(stdout) as unknown }).toMatchObject({
    code: 0,
    facts: { ok: true, covers: 'every byte' },
  })
  expect((await cli(['agents', '--data', own.data])).code).toBe(69)
})
