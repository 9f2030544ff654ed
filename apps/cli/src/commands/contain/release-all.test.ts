import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { cli } from '../../testing/run.ts'

test.each([
  ['a target', ['builder', '--all', '--reason', 'x', '--yes'], 'it takes no TARGET'],
  ['what is held on this host', ['--all', '--local', '--yes'], 'it takes no --all'],
  ['a data form', ['--all', '--reason', 'x', '--yes', '--json'], 'has no data form'],
  ['no reason', ['--all', '--yes'], 'needs a --reason'],
  ['no yes', ['--all', '--reason', 'x'], 'nothing was done'],
])('release of everything with %s is refused before a server is asked', async (_, flags, said) => {
  const { code, stderr } = await cli(['contain', 'release', ...flags], { env: { HOLDFAST_URL: 'http://127.0.0.1:1' } })
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(said) })
})

test('plans that cannot be looked through keep no order to proxies in force', async () => {
  const { code, stdout, asked } = await releasing(['--yes'], {
    'GET /api/v1/plans': { items: [], total: 501 },
    'GET /api/v1/containments': { items: [], older: 0 },
    'GET /api/v1/proxy-orders': { items: [ORDER], older: 0 },
    'POST /api/v1/proxy-orders/ord-1/release': { ...ORDER, state: 'released' },
  })
  expect({ code, stdout }).toMatchObject({
    code: 1,
    stdout: expect.stringMatching(/released order to the proxies of desk\nFAILED   501 that stand/),
  })
  expect(asked[0]).toBe('GET /api/v1/plans?standing=true&limit=500')
})

test('a dry run prints what would be asked for of each, asks for none of it and ends well', async () => {
  const { code, stdout, stderr, asked } = await releasing(['--dry-run'], {
    'GET /api/v1/plans': { items: [], total: 0 },
    'GET /api/v1/containments': { items: [], older: 0 },
    'GET /api/v1/proxy-orders': { items: [ORDER, { ...ORDER, order: 'ord-2' }], older: 0 },
  })
  expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining('dry run: nothing was written') })
  expect([...stdout.matchAll(/"path": "(.*)"/g)].map(([, path]) => path)).toEqual([
    '/api/v1/proxy-orders/ord-1/release',
    '/api/v1/proxy-orders/ord-2/release',
  ])
  expect(stdout).not.toMatch(/FAILED|released order/)
  expect(asked.filter((request) => !request.startsWith('GET'))).toEqual([])
})

const ORDER = { order: 'ord-1', agentName: 'desk', state: 'confirmed', expired: false }

/** `contain release --all` at a server that answers so, and what it was asked. */
async function releasing(flags: readonly string[], answers: Readonly<Record<string, object>>) {
  const asked: string[] = []
  const server = createServer(({ method = '', url = '' }, response) => {
    asked.push(`${method} ${url}`)
    const answer = answers[`${method} ${url.split('?', 1)[0] ?? ''}`]
    response.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' })
    response.end(JSON.stringify(answer ?? {}))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo // it listens on a port
  const env = { HOLDFAST_URL: `http://127.0.0.1:${port}`, HOLDFAST_TOKEN: 'of the test' }
  const transcript = await cli(['contain', 'release', '--all', '--reason', 'x', ...flags], { env })
  server.close()
  return { ...transcript, asked }
}
