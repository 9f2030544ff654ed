import { startLocalHttp } from '@holdfast/testkit'
import { expect, test } from 'vitest'
import { Outgoing } from './outgoing.ts'
import { resultOf } from './outcome.ts'

const REQUEST = { method: 'POST', headers: {}, body: '{}' } as const

test('a name that points elsewhere when it is asked again is reached at the address that was looked at', async () => {
  await using good = await startLocalHttp(() => ({ code: 200, body: 'good' }), { host: '127.0.0.2' })
  const { port } = new URL(good.url)
  await using bad = await startLocalHttp(() => ({ code: 200, body: 'bad' }), { port: Number(port) })
  const answers = ['127.0.0.2', '127.0.0.1', '127.0.0.1']
  const outgoing = new Outgoing({ allow: ['127.0.0.2'], resolve: async () => [answers.shift() ?? '127.0.0.1'] })
  const url = `http://rebinds.example:${port}/`
  expect(await outgoing.send({ ...REQUEST, url })).toMatchObject({ status: 'answered', body: 'good' })
  expect(await outgoing.send({ ...REQUEST, url })).toMatchObject({ status: 'not-allowed' })
  expect(bad.requests).toHaveLength(0)
  expect(good.requests[0]?.headers.host).toBe(`rebinds.example:${port}`)
})

test('one inner address among those of a name is enough to refuse it', async () => {
  const outgoing = new Outgoing({ resolve: async () => ['93.184.216.34', '10.0.0.1'] })
  expect(await outgoing.send({ ...REQUEST, url: 'https://mixed.example/' })).toMatchObject({ status: 'not-allowed' })
})

test('a redirect is an answer and is not followed', async () => {
  await using inner = await startLocalHttp(() => ({ code: 200, body: 'secret' }))
  await using server = await startLocalHttp(() => ({
    code: 307,
    headers: { location: `${inner.url}/latest/meta-data` },
  }))
  const answer = await new Outgoing({ allow: ['127.0.0.1'] }).send({ ...REQUEST, url: server.url })
  expect(resultOf(answer)).toMatchObject({ status: 'refused', code: 307 })
  expect(inner.requests).toHaveLength(0)
})

test('an answer without end is cut, and one that never comes is given up', async () => {
  await using endless = await startLocalHttp(() => ({ code: 200, body: 'x'.repeat(2_000_000) }))
  const cut = await new Outgoing({ allow: ['127.0.0.1'] }).send({ ...REQUEST, url: endless.url })
  expect(cut.status === 'answered' && cut.body.length).toBe(256 * 1024)
  const never = Promise.withResolvers<{ code: number }>()
  await using silent = await startLocalHttp(() => never.promise)
  const late = await new Outgoing({ allow: ['127.0.0.1'], timeoutMs: 50 }).send({ ...REQUEST, url: silent.url })
  expect(late).toEqual({ status: 'unreachable', reason: 'it did not answer in time' })
  never.resolve({ code: 200 })
})

test('what the other side says of its fault is one short inert line', async () => {
  await using server = await startLocalHttp(() => ({ code: 500, body: '\u001b[2J<script>\n\u202E' + 'x'.repeat(999) }))
  const { detail } = resultOf(await new Outgoing({ allow: ['127.0.0.1'] }).send({ ...REQUEST, url: server.url }))
  expect(detail).toMatch(/^answered 500: <U\+001B>\[2J<script> <U\+202E>x+…$/)
  expect(detail.length).toBeLessThan(230)
})
