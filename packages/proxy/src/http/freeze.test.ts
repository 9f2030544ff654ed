import { createHash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { GateOrder } from '@holdfast/capture'
import { expect, test } from 'vitest'
import { frozenBy } from './freeze.ts'

const digest = (key: string) => createHash('sha256').update(key).digest('hex')
const freeze = (hold: object): GateOrder => ({
  order: 'o-1',
  incident: 'inc-1',
  hold: { kind: 'freeze-model', ...hold },
})

/** Of a request only fields and path are read. */
function request(url: string, rawHeaders: readonly string[] = []): IncomingMessage {
  return { url, rawHeaders } as unknown as IncomingMessage // no other member is used
}

const body = (json: unknown) => Buffer.from(JSON.stringify(json))

test('without a model all is held at once; with one only once the body names it, or cannot be read', () => {
  const asked = request('/v1/chat/completions')
  expect(frozenBy([freeze({})], { request: asked, body: undefined })).toMatchObject({ order: 'o-1' })
  const one = [freeze({ model: 'm-1' })]
  expect(frozenBy(one, { request: asked, body: undefined })).toBe('unknown')
  expect(frozenBy(one, { request: asked, body: body({ model: 'm-2' }) })).toBeUndefined()
  for (const given of [body({ model: 'm-1' }), body({}), body([]), Buffer.from('x'), Buffer.alloc(0)])
    expect(frozenBy(one, { request: asked, body: given })).toMatchObject({ order: 'o-1' })
})

test('a model that stands in the path is held before the body comes', () => {
  const one = [freeze({ model: 'gemini-9' })]
  const asked = request('/v1beta/models/gemini-9:generateContent')
  expect(frozenBy(one, { request: asked, body: undefined })).toMatchObject({ order: 'o-1' })
})

test.each([
  ['with a sign of it encoded', 'gemini-9', '/v1beta/models/gemini%2D9:generateContent'],
  ['with the colon behind it encoded', 'gemini-9', '/v1beta/models/gemini-9%3AgenerateContent'],
  ['with its own colon', 'a.c-3-v1:0', '/model/a.c-3-v1:0/invoke'],
  ['with its own colon encoded', 'a.c-3-v1:0', '/model/a.c-3-v1%3A0/invoke'],
  ['in what cannot be decoded', 'gemini-9', '/v1beta/models/%/generateContent'],
])('a model that stands in the path %s is held, whatever the body says', (_, model, url) => {
  const given = { request: request(url), body: body({ model: 'm-2' }) }
  expect(frozenBy([freeze({ model })], given)).toMatchObject({ order: 'o-1' })
})

test.each(['//', 'http://[', '/?%', '*', '/v1beta/models/gemini-90:generateContent'])(
  'a target %s names neither model nor key, and ends nothing',
  (url) => {
    const orders = [freeze({ model: 'gemini-9' }), freeze({ credential: digest('k-1') })]
    expect(frozenBy(orders, { request: request(url), body: body({ model: 'm-2' }) })).toBeUndefined()
  },
)

test.each([
  [['Authorization', 'Bearer k-1'], '/v1'],
  [['x-api-key', 'k-1'], '/v1'],
  [['x-goog-api-key', 'k-1'], '/v1'],
  [[], '/v1?key=k-1'],
  [[], '/v1?key=k-3&key=k-1'],
])('a frozen key is held wherever it is shown, and another one is not: %j %s', (fields, url) => {
  const asked = request(url, fields)
  expect(frozenBy([freeze({ credential: digest('k-1') })], { request: asked, body: undefined })).toBeDefined()
  expect(frozenBy([freeze({ credential: digest('k-2') })], { request: asked, body: undefined })).toBeUndefined()
})
