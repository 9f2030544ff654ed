import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Answer, pathSegment, routes, type RouteSpec } from '@holdfast/api'
import type { ServerProcess } from '@holdfast/testkit'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { tracesJson } from '../otlp/testing/with-recorder.ts'
import { startServer } from '../testing/server-process.ts'

let folder = ''
let server: ServerProcess
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-conditional-'))
  server = await startServer(folder)
})
afterAll(async () => {
  await server.stop()
  rmSync(folder, { recursive: true, force: true })
})

function ask(path: string, headers: Readonly<Record<string, string>> = {}, init: RequestInit = {}): Promise<Response> {
  const authorization = `Bearer ${server.ready.token}`
  return fetch(server.ready.http + path, { ...init, headers: { authorization, ...headers } })
}

/** Documents that are there in an empty log. */
const DOCUMENTS = [
  '/api/v1/openapi.json',
  ...Object.values<RouteSpec>(routes)
    .filter(({ etag, path }) => etag === 'of-bytes' && !path.includes('{'))
    .map(({ path }) => path),
]

test('a document that is unchanged is not sent again, and no browser keeps it', async () => {
  expect(DOCUMENTS.length).toBeGreaterThan(3)
  for (const path of DOCUMENTS) {
    const first = await ask(path)
    const etag = first.headers.get('etag') ?? ''
    expect([path, first.status, etag]).toEqual([path, 200, expect.stringMatching(/^"[\w-]{22}"$/)])
    expect(first.headers.get('cache-control')).toBe('no-store')
    expect((await first.text()).length).toBeGreaterThan(10)
    const again = await ask(path, { 'if-none-match': etag })
    expect([path, again.status, await again.text(), again.headers.get('etag')]).toEqual([path, 304, '', etag])
    expect((await ask(path, { 'if-none-match': '"other"' })).status).toBe(200)
    expect((await fetch(server.ready.http + path, { headers: { 'if-none-match': etag } })).status).toBe(
      path.endsWith('openapi.json') ? 304 : 401,
    )
  }
})

test('a document that has changed is sent, with another ETag', async () => {
  const path = '/api/v1/capture-policy'
  const etag = (await ask(path)).headers.get('etag') ?? ''
  const policy = { name: 'other', senders: 'loopback', content: 'kept', credentials: 'masked' }
  const put = { method: 'PUT', body: JSON.stringify({ policy }) }
  expect((await ask(path, { 'content-type': 'application/json' }, put)).status).toBe(200)
  const changed = await ask(path, { 'if-none-match': etag })
  expect(changed.status).toBe(200)
  expect(changed.headers.get('etag')).not.toBe(etag)
})

test('the inventory of an agent has the same bytes whenever it is exported', async () => {
  const sent = await fetch(`${server.ready.otlpHttp}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: tracesJson(2),
  })
  expect(sent.status).toBe(200)
  const agent = await vi.waitFor(
    async () => {
      const { items } = await server.get<Answer<'listAgents'>>('/api/v1/agents')
      expect(items).toHaveLength(1)
      return items[0]?.id ?? ''
    },
    { timeout: 60_000, interval: 50 },
  )
  const path = `/api/v1/agents/${pathSegment(agent)}/bom/cyclonedx?at=2027-01-01T00:00:00Z`
  const etag = (await ask(path)).headers.get('etag') ?? ''
  expect((await ask(path, { 'if-none-match': etag })).status).toBe(304)
})

test('what the table says of a route stands in OpenAPI', async () => {
  const { paths } = (await (await ask('/api/v1/openapi.json')).json()) as {
    readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  } // OpenAPI 3.1
  const approve = paths['/api/v1/plans/{plan}/approve']?.['post']
  expect(approve?.parameters.filter((one) => one.in === 'header').map(({ name }) => name)).toEqual(['If-Match'])
  expect(Object.keys(approve?.responses ?? {})).toEqual(['200', '412', 'default'])
  const make = paths['/api/v1/incidents/{incident}/plans']?.['post']
  expect(make?.parameters.filter((one) => one.in === 'header').map(({ name }) => name)).toEqual(['Idempotency-Key'])
  expect(Object.keys(make?.responses ?? {})).toContain('422')
  const plan = paths['/api/v1/plans/{plan}']?.['get']
  expect(plan?.responses['200']).toHaveProperty('headers.ETag')
  expect(Object.keys(plan?.responses ?? {})).toEqual(['200', '304', 'default'])
})

test('what is made under a key is made once, for each account, and another request under it is refused', async () => {
  const post = async (path: string, body: object, headers: Readonly<Record<string, string>> = {}) => {
    const init = { method: 'POST', body: JSON.stringify(body) }
    const answer = await ask(
      path,
      { 'content-type': 'application/json', 'idempotency-key': '"key-1"', ...headers },
      init,
    )
    return {
      status: answer.status,
      replayed: answer.headers.get('idempotent-replayed'),
      body: (await answer.json()) as object,
    }
  }
  const view = { name: 'mail', q: 'tool:send_mail' }
  const first = await post('/api/v1/saved-views', view)
  expect(first).toMatchObject({ status: 200, replayed: null })
  const again = await post('/api/v1/saved-views', view)
  expect(again).toEqual({ ...first, replayed: 'true' })
  const views = async () => (await server.get<Answer<'listSavedViews'>>('/api/v1/saved-views')).items.length
  expect(await views()).toBe(1)
  expect(await post('/api/v1/saved-views', { ...view, name: 'web' })).toMatchObject({
    status: 422,
    body: { title: 'Unprocessable Content' },
  })
  expect(await post('/api/v1/saved-views', view, { 'idempotency-key': 'a b' })).toMatchObject({ status: 400 })
  const added = { decision: { do: 'add', role: 'analyst' }, reason: 'a test' }
  const { token = '' } = (await post('/api/v1/accounts/ann', added)).body as { readonly token?: string } // shown to who added it
  const authorization = `Bearer ${token}`
  expect(await post('/api/v1/saved-views', { ...view, name: 'ann' }, { authorization })).toMatchObject({
    status: 200,
    replayed: null,
  })
  expect(await views()).toBe(2)
  // One that was refused may be said again.
  expect(await post('/api/v1/saved-views', view, { 'idempotency-key': '"key-2"' })).toMatchObject({ status: 409 })
  const other = await post('/api/v1/saved-views', { ...view, name: 'third' }, { 'idempotency-key': '"key-2"' })
  expect(other).toMatchObject({ status: 200, replayed: null })
  expect(await views()).toBe(3)
})

type Operation = {
  readonly parameters: readonly { readonly name: string; readonly in: string }[]
  readonly responses: Readonly<Record<string, object>>
}
