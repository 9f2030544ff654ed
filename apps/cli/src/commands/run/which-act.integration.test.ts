import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { CLI_PROGRAM, startTestServer, type TestServer } from '../../testing/server.ts'
import type { RunReport } from './summary.ts'

let server: TestServer
let folder = ''
let noKernel = ''

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-which-act-'))
  server = await startTestServer({ sensor: true })
  const { stderr } = await run(['--', 'true'])
  noKernel = stderr.includes('less is seen') ? stderr : ''
})
beforeEach(({ skip }) => skip(noKernel !== '', noKernel))
afterAll(async () => {
  await server?.[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true, force: true })
})

async function run(args: readonly string[]): Promise<{ readonly stdout: string; readonly stderr: string }> {
  const child = spawn(process.execPath, [...CLI_PROGRAM, 'run', ...args], {
    cwd: folder,
    // The commands that it names begin as it was called, which is by npm where the tests are.
    env: { ...process.env, npm_package_name: undefined, ...server.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  return { stdout, stderr }
}

/**
 * An agent that tells of its call by hand, as one in a language that no module of ours is loaded into: in a trace of its own or in
 * the run's, and with or without the context of the call for what it starts.
 */
function agent({ continues, handsOn }: { readonly continues: boolean; readonly handsOn: boolean }): readonly string[] {
  const script = `
    const [, inherited] = process.env.TRACEPARENT.split('-')
    const traceId = ${continues} ? inherited : 'a'.repeat(31) + process.env.DIGIT
    const spanId = 'b7ad6b7169203331'
    const attribute = (key, stringValue) => ({ key, value: { stringValue } })
    const span = {
      traceId, spanId, name: 'execute_tool list', startTimeUnixNano: '1790000000000000000', endTimeUnixNano: '1790000000000000001',
      attributes: [attribute('gen_ai.operation.name', 'execute_tool'), attribute('gen_ai.tool.name', 'list'),
        attribute('gen_ai.conversation.id', 'shelf-' + process.env.DIGIT)],
    }
    const resource = { attributes: [attribute('service.name', process.env.OTEL_SERVICE_NAME),
      ...process.env.OTEL_RESOURCE_ATTRIBUTES.split(',').map((pair) => attribute(...pair.split('=')))] }
    const body = JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ spans: [span] }] }] })
    const context = ${handsOn} ? { TRACEPARENT: ['00', traceId, spanId, '01'].join('-') } : {}
    const { execFileSync } = await import('node:child_process')
    execFileSync('ls', ['/'], { env: { ...process.env, ...context } })
    const headers = { 'content-type': 'application/json' }
    const sent = await fetch(process.env.OTEL_EXPORTER_OTLP_ENDPOINT + '/v1/traces', { method: 'POST', headers, body })
    if (!sent.ok) throw new Error(await sent.text())`
  const digit = `${Number(continues) * 2 + Number(handsOn)}`
  return ['--', 'env', `DIGIT=${digit}`, process.execPath, '--input-type=module', '-e', script]
}

test('without a context of its acts an agent is told which act cannot be known, and where what the kernel saw stands', async () => {
  const apart = await run(['--name', 'apart', ...agent({ continues: false, handsOn: false })])
  expect(apart.stderr).toContain('which act started what: the other program carries no trace context of one')
  expect(apart.stderr).toContain('look at it: holdfast graph shelf-0')
  expect(apart.stderr).toMatch(/what the kernel saw beside its acts: holdfast graph [0-9a-f]{32}\n/)
})

test('a context that is handed on names the act, and one that is continued brings all of the run into its conversation', async () => {
  const handing = await run(['--name', 'handing', ...agent({ continues: false, handsOn: true })])
  expect(handing.stderr).not.toContain('which act')
  expect(handing.stderr).toContain('what the kernel saw beside its acts: holdfast graph ')
  const { stdout } = await run(['--name', 'continuing', '--json', ...agent({ continues: true, handsOn: true })])
  const report = JSON.parse(stdout) as RunReport
  expect(report.conversations).toEqual([{ id: 'shelf-3', isOfRun: true }])
  expect(report.unseen.filter((line) => line.includes('which act'))).toEqual([])
})
