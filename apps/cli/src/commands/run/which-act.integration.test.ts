import { spawn, spawnSync } from 'node:child_process'
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

/** An agent in Python that has a span, as opentelemetry-api tells of it, and hands on nothing; it tells of the span by hand. */
function pythonAgent(digit: number, { isInSpan }: { readonly isInSpan: boolean }): readonly string[] {
  const script = `
import json, os, subprocess, sys, types, urllib.request
trace_id, span_id = 'a' * 31 + '${digit}', 'b7ad6b7169203331'
context = types.SimpleNamespace(is_valid=${isInSpan ? 'True' : 'False'}, trace_id=int(trace_id, 16), span_id=int(span_id, 16), trace_flags=1, trace_state=None)
span = types.SimpleNamespace(get_span_context=lambda: context)
sys.modules['opentelemetry.trace'] = types.SimpleNamespace(get_current_span=lambda: span)
subprocess.run(['ls', '/'], stdout=subprocess.DEVNULL)
attribute = lambda pair: {'key': pair[0], 'value': {'stringValue': pair[1]}}
told = {'traceId': trace_id, 'spanId': span_id, 'name': 'execute_tool list', 'startTimeUnixNano': '1790000000000000000',
  'endTimeUnixNano': '1790000000000000001', 'attributes': [attribute(pair) for pair in (('gen_ai.operation.name', 'execute_tool'),
  ('gen_ai.tool.name', 'list'), ('gen_ai.conversation.id', 'shelf-${digit}'))]}
pairs = [('service.name', os.environ['OTEL_SERVICE_NAME'])] + [pair.split('=') for pair in os.environ['OTEL_RESOURCE_ATTRIBUTES'].split(',')]
body = {'resourceSpans': [{'resource': {'attributes': [attribute(pair) for pair in pairs]}, 'scopeSpans': [{'spans': [told]}]}]}
urllib.request.urlopen(urllib.request.Request(os.environ['OTEL_EXPORTER_OTLP_ENDPOINT'] + '/v1/traces', json.dumps(body).encode(), {'content-type': 'application/json'}))`
  return ['--', 'python3', '-c', script]
}

test('what an agent in Python starts in a span is of that act, though it hands nothing on', async ({ skip }) => {
  const { status } = spawnSync('python3', ['-c', 'import sys; sys.exit(sys.version_info < (3, 8))'])
  skip(status !== 0, 'there is no python3 of 3.8 or newer on PATH')
  const inSpan = await run(['--name', 'py-joined', ...pythonAgent(5, { isInSpan: true })])
  expect(inSpan.stderr).toContain('look at it: holdfast graph shelf-5')
  expect(inSpan.stderr).not.toContain('which act')
  const apart = await run(['--name', 'py-apart', ...pythonAgent(6, { isInSpan: false })])
  // A python3 may be found by a script, which is a program more.
  expect(apart.stderr).toMatch(
    /which act started what: the (other program carries|[0-9]+ other programs carry) no trace context/,
  )
})
