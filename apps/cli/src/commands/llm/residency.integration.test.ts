import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { holdfastIn } from '../../testing/holdfast.ts'
import { CLI_PROGRAM, startTestServer, type TestServer } from '../../testing/server.ts'
import { startProxy } from '../mcp/testing/listening.ts'
import { apiOf, eventsOnce, ofKind } from '../mcp/testing/proxied.ts'

let folder = ''
let server: TestServer
let [eu, us]: Provider[] = []
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-residency-'))
  server = await startTestServer()
  ;[eu, us] = [await startProvider(), await startProvider()]
  writeFileSync(join(folder, 'data-rules.yaml'), RULES(euOf().host, usOf().host))
  expect(holdfast('roster', 'data', 'data-rules.yaml', '--reason', 'residency').status).toBe(0)
}, 120_000)
afterAll(async () => {
  for (const provider of [eu, us]) provider?.close()
  await server[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true, force: true })
})

const RULES = (inEu: string, inUs: string): string => `version: 1
classes:
  - name: eu-customer
    regions: [eu]
    found: ['\\bDE\\d{20}\\b']
endpoints:
  - { host: '${inEu}', region: eu }
  - { host: '${inUs}', region: us }
`

type Provider = {
  readonly host: string
  readonly bodies: string[]
  readonly labels: unknown[]
  redirectTo: string | undefined
  readonly close: () => void
}

const euOf = (): Provider => given(eu)
const usOf = (): Provider => given(us)
function given(provider: Provider | undefined): Provider {
  if (provider === undefined) throw new Error('it was started')
  return provider
}

/** A model that answers in the form of OpenAI, or sends its client elsewhere. */
async function startProvider(): Promise<Provider> {
  const [bodies, labels]: [string[], unknown[]] = [[], []]
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    bodies.push(await text(request))
    labels.push(request.headers['holdfast-data-class'])
    if (made.redirectTo !== undefined) {
      response.writeHead(307, { location: made.redirectTo }).end()
      return
    }
    const message = { role: 'assistant', content: 'done' }
    const answer = { id: 'r', model: 'm-1', choices: [{ index: 0, message, finish_reason: 'stop' }] }
    response.setHeader('content-type', 'application/json').end(JSON.stringify(answer))
  }
  const http = createServer((request, response) => void serve(request, response))
  await new Promise<void>((listening) => http.listen(0, '127.0.0.1', listening))
  // A listening TCP server has one.
  const { port } = http.address() as AddressInfo
  const close = (): void => {
    http.close()
    http.closeAllConnections()
  }
  const made: Provider = { host: `127.0.0.1:${port}`, bodies, labels, redirectTo: undefined, close }
  return made
}

const holdfast = (...args: readonly string[]) => holdfastIn(folder, args, server.env)

const proxyOf = (name: string, host: string, residency: 'enforce' | 'report' = 'enforce') =>
  startProxy(['llm', '--name', name, '--residency', residency, '--url', `http://${host}/v1`], server.env)

/** What an agent's client does: the first address that answers with a success, in this order. */
async function ask(urls: readonly string[], content: string, label?: string): Promise<readonly number[]> {
  const statuses: number[] = []
  for (const url of urls) {
    const response = await fetch(`${url}/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(label === undefined ? {} : { 'holdfast-data-class': label }) },
      body: JSON.stringify({ model: 'm-1', messages: [{ role: 'user', content }] }),
    })
    await response.text()
    statuses.push(response.status)
    if (response.ok) break
  }
  return statuses
}

type Finding = { readonly kind: string; readonly title: string; readonly detail: string }

async function findingsOnce(title: string): Promise<readonly Finding[]> {
  return await vi.waitFor(
    () => {
      const found = JSON.parse(holdfast('bom', 'findings', '--json').stdout) as readonly Finding[]
      expect(found.map((one) => one.title)).toContain(title)
      return found.filter(({ kind }) => kind === 'residency')
    },
    { timeout: 60_000, interval: 300 },
  )
}

test('data of the EU reaches no model of the US, by label or by what is in it, fallback and redirect included', async () => {
  await using inEu = await proxyOf('desk', euOf().host)
  await using inUs = await proxyOf('desk', usOf().host)
  const both = [inEu.url, inUs.url]
  expect(await ask(both, 'what is new?', 'eu-customer')).toEqual([200])
  expect(await ask([inUs.url], 'what is new?')).toEqual([200])
  expect([...euOf().labels, ...usOf().labels]).toEqual([undefined, undefined])
  expect(await ask([inUs.url], 'pay to DE89370400440532013000')).toEqual([451])

  euOf().redirectTo = `http://${usOf().host}/v1/chat/completions`
  expect(await ask([inEu.url], 'what is new?', 'eu-customer')).toEqual([451])
  // The model of the EU is gone: the client falls back by itself.
  euOf().close()
  expect(await ask(both, 'what is new?', 'eu-customer')).toEqual([502, 451])
  expect(await ask(both, 'what is new?')).toEqual([502, 200])
  // Of four calls that came its way, the two that bore nothing of the EU.
  expect(usOf().bodies).toHaveLength(2)
  expect(usOf().bodies.join(' ')).not.toContain('DE89')

  const events = await eventsOnce(apiOf(server), (all) => ofKind(all, 'guardrail').length === 3)
  for (const { facts } of ofKind(events, 'guardrail'))
    expect(facts).toMatchObject({ name: 'residency', verdict: 'refused', target: usOf().host })
  const found = await findingsOnce(`desk was to send data of the class eu-customer to ${usOf().host}`)
  expect(found[0]?.detail).toContain(`eu-customer stays in eu, and ${usOf().host} is in us; refused by the proxy`)
}, 180_000)

test('where nothing stands in the way, a model outside of the regions of what an agent may see is told', async () => {
  const fields = ['--owner', 'ann', '--version', '1', '--class', 'support', '--reason', 'r', '--new-key', 'scout.key']
  expect(holdfast('roster', 'add', 'scout', ...fields, '--data-classes', 'eu-customer').status).toBe(0)
  await using proxy = await proxyOf('scout', usOf().host, 'report')
  expect(await ask([proxy.url], 'what is new?')).toEqual([200])
  const found = await findingsOnce(`scout may see data of the class eu-customer and calls ${usOf().host}`)
  expect(found.map(({ detail }) => detail).join()).toContain('nothing stood in its way')
}, 120_000)

test.each([
  ['version: 1\nclasses:\n  - name: a\n    region: [eu]\n', 'line 3: classes.0: Unrecognized key'],
  ["version: 1\nclasses:\n  - name: a\n    found: ['x', '(?=y)']\n", 'line 4: classes.0.found.1: is no pattern'],
  [
    'version: 1\nclasses: []\nendpoints:\n  - { host: a.b, region: eu }\n  - { host: a.b, region: us }\n',
    'line 5: endpoints.1',
  ],
  ['version: 1\nclasses: [\n', 'line 3'],
])('a file with a mistake is refused whole, with its line: %j', (rules, words) => {
  writeFileSync(join(folder, 'wrong.yaml'), rules)
  const { status, stderr } = holdfast('roster', 'data', 'wrong.yaml', '--reason', 'r')
  expect(stderr).toContain(words)
  expect(stderr).toContain('nothing of it is in force')
  expect(status).toBe(2)
})

test('a proxy that is to enforce rules that nobody decided says so', async () => {
  await using bare = await startTestServer()
  const flags = ['llm', '--residency', 'enforce', '--name', 'desk', '--url', 'http://127.0.0.1:1/v1']
  const child = spawn(process.execPath, [...CLI_PROGRAM, ...flags], {
    env: { PATH: process.env['PATH'], ...bare.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const said = text(child.stderr)
  await once(child.stdout, 'data')
  child.kill('SIGTERM')
  expect(await said).toContain('no rules about data are in force')
}, 60_000)

test('the rules stand in the signed document', async () => {
  expect(holdfast('roster', 'export', '--out', 'roster.note').status).toBe(0)
  const { key } = JSON.parse(holdfast('roster', 'show', '--json').stdout) as { readonly key: string }
  const verified = JSON.parse(holdfast('roster', 'verify', 'roster.note', '--key', key, '--json').stdout)
  expect(verified.dataRules.classes[0]).toMatchObject({ name: 'eu-customer', regions: ['eu'] })
}, 60_000)
