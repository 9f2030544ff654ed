import { mkdtempSync, rmSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { routes, type RouteSpec } from '@holdfast/api'
import type { ServerProcess } from '@holdfast/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startServer } from '../testing/server-process.ts'

let folder: string
let server: ServerProcess

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-access-'))
  server = await startServer(folder)
})

afterAll(async () => {
  await server.stop()
  rmSync(folder, { recursive: true, force: true })
})

test('every route of the table refuses a caller without a credential, and a wrong one', async () => {
  for (const route of Object.values<RouteSpec>(routes)) {
    const path = route.path.replaceAll(/\{\w+\}/g, '0')
    for (const headers of [{}, { authorization: 'Bearer wrong' }, { cookie: 'holdfast_session=wrong' }]) {
      const response = await fetch(server.ready.http + path, { method: route.method, headers })
      const isPublic = route.access === 'public'
      const status = !isPublic ? 401 : route.method === 'GET' ? 200 : 400
      expect([route.path, response.status]).toEqual([route.path, status])
      expect(response.headers.get('content-type')).toContain(status === 200 ? 'application/json' : 'problem+json')
      await response.body?.cancel()
    }
  }
})

test('a caller without a credential is refused before its body is read', async () => {
  const { port } = new URL(server.ready.http)
  const headers = { 'content-type': 'application/octet-stream', 'content-length': 200 * 1024 * 1024 }
  const status = await new Promise((resolve, reject) => {
    const asked = request({ port, host: '127.0.0.1', method: 'POST', path: '/api/v1/import?name=x', headers })
    asked.on('response', (response) => {
      resolve(response.statusCode)
      asked.destroy()
    })
    asked.on('error', reject)
    // The body is announced and never sent.
    asked.flushHeaders()
  })
  expect(status).toBe(401)
})

test('files to import are held to one bound together, histories apart, before they are read', async () => {
  const { port } = new URL(server.ready.http)
  const open: { destroy: () => void }[] = []
  const statusOf = (mib: number, firstLine = ''): Promise<number | undefined> =>
    new Promise((resolve) => {
      const headers = {
        authorization: `Bearer ${server.ready.token}`,
        'content-type': 'application/octet-stream',
        'content-length': mib * 1024 * 1024,
      }
      const asked = request({ port, host: '127.0.0.1', method: 'POST', path: '/api/v1/import?name=x', headers })
      open.push(asked)
      asked.on('response', ({ statusCode }) => resolve(statusCode))
      asked.on('error', () => undefined)
      // The body is announced and never sent: only who is refused is answered.
      asked.flushHeaders()
      if (firstLine !== '') asked.write(firstLine)
    })
  try {
    expect(await Promise.race([statusOf(200), statusOf(200)])).toBe(503)
    // Larger than one import is only what its first line says is a history.
    expect(await statusOf(257, '{}\n')).toBe(413)
    expect(await statusOf(64 * 1024 + 1)).toBe(413)
  } finally {
    for (const asked of open) asked.destroy()
  }
})

test('an event stream ends with the session that opened it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-session-'))
  const second = await startServer(folder)
  try {
    const signedIn = await fetch(second.ready.signInUrl, { redirect: 'manual' })
    const cookie = signedIn.headers.get('set-cookie')?.split(';')[0] ?? ''
    const stream = await fetch(`${second.ready.http}/api/v1/changes`, { headers: { cookie } })
    expect([stream.status, stream.headers.get('x-content-type-options')]).toEqual([200, 'nosniff'])
    const own = { method: 'DELETE', headers: { cookie, origin: second.ready.http } }
    expect((await fetch(`${second.ready.http}/api/v1/session`, own)).status).toBe(200)
    // Resolves only once the server has ended the stream.
    expect(await stream.text()).toContain(': open')
  } finally {
    await second.stop()
    rmSync(folder, { recursive: true, force: true })
  }
})

test('a page that rebinds its name to this machine is refused', async () => {
  const port = new URL(server.ready.http).port
  const status = await new Promise((resolve, reject) => {
    request(
      {
        port,
        host: '127.0.0.1',
        path: '/api/v1/agents',
        headers: { host: 'evil.example.test', authorization: `Bearer ${server.ready.token}` },
      },
      (response) => {
        response.resume()
        resolve(response.statusCode)
      },
    )
      .on('error', reject)
      .end()
  })
  expect(status).toBe(421)
})

test('a sign-in link opens one session, once', async () => {
  const first = await fetch(server.ready.signInUrl, { redirect: 'manual' })
  const cookie = first.headers.get('set-cookie')?.split(';')[0] ?? ''
  expect(cookie).toMatch(/^holdfast_session=/)
  expect((await fetch(`${server.ready.http}/api/v1/session`, { headers: { cookie } })).status).toBe(200)
  expect((await fetch(server.ready.signInUrl, { redirect: 'manual' })).headers.get('set-cookie')).toBeNull()
  // A cookie changes nothing unless the workspace's own page asks.
  const changed = async (origin: { readonly origin?: string }) =>
    (await fetch(`${server.ready.http}/api/v1/log/checkpoint`, { method: 'POST', headers: { cookie, ...origin } }))
      .status
  expect(await changed({})).toBe(401)
  expect(await changed({ origin: 'https://evil.example.test' })).toBe(401)
  expect(await changed({ origin: server.ready.http })).toBe(200)
  // As behind a proxy that ends TLS.
  expect(await changed({ origin: server.ready.http.replace('http:', 'https:') })).toBe(200)
})
