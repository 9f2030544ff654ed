import { expect, test } from 'vitest'
import { withoutCredentials, withoutSecretQuery } from './credentials.ts'
import { exchangesOf, fragmentsOf } from './testing/collect.ts'

test.each([
  ['/v1?api_key=abc&page=2', '/v1?api_key=&page=2'],
  ['/v1?api%5Fkey=abc', '/v1?api%5Fkey='],
  ['/v1?%61ccess_token=abc;x=1', '/v1?%61ccess_token=;x=1'],
  ['/v1?tokens[]=1&client_secret[]=abc', '/v1?tokens[]=1&client_secret[]='],
  ['/v1?client_secret%5B0%5D=abc', '/v1?client_secret%5B0%5D='],
  ['https://app/cb#access_token=abc&state=1', 'https://app/cb#access_token=&state=1'],
  ['/cb?state=1#id_token=abc', '/cb?state=1#id_token='],
  ['/x?X-Amz-Signature=abc&X-Amz-Date=1', '/x?X-Amz-Signature=&X-Amz-Date=1'],
  ['/x?%zz_token=abc', '/x?%zz_token='],
  ['/plain?=&&a', '/plain?=&&a'],
])('of the address %s the credentials are left out', (target, kept) => {
  expect(withoutSecretQuery(target)).toBe(kept)
})

test('fields that carry a credential are withheld whatever service they are for', () => {
  const names = [
    'Authorization',
    'x-api-key',
    'ocp-apim-subscription-key',
    'x-functions-key',
    'x-auth-key',
    'x-vault-token',
    'cf-access-jwt-assertion-jwt',
    'set-cookie',
  ]
  const { fields, withheld } = withoutCredentials([
    ...names.map((name) => [name, 'abc'] as const),
    ['idempotency-key', 'kept'],
  ])
  expect(fields).toEqual([['idempotency-key', 'kept']])
  expect(withheld).toEqual(names.toSorted())
})

test('addresses in fields are kept without their credentials, hosts without their users', () => {
  const { fields } = withoutCredentials([
    ['location', 'https://app.test/cb?code=abc&state=1'],
    ['referer', 'https://app.test/?session_token=abc'],
    ['host', 'user:abc@model.test:8443'],
  ])
  expect(fields).toEqual([
    ['location', 'https://app.test/cb?code=&state=1'],
    ['referer', 'https://app.test/?session_token='],
    ['host', 'model.test:8443'],
  ])
})

test('a credential whose line goes on is withheld whole', () => {
  const head =
    'GET / HTTP/1.1\r\nHost: u:abc@h\r\nAuthorization: Custom\r\n part:topsecret\r\n\tmore: hidden\r\nA: b\r\n\r\n'
  const [exchange] = exchangesOf(fragmentsOf([['>', head]]))
  expect(exchange?.request).toMatchObject({
    authority: 'h',
    withheld: ['authorization'],
    fields: [
      ['host', 'h'],
      ['a', 'b'],
    ],
  })
})

test('credentials in a body that is no text are masked before it becomes base64', () => {
  const secret = 'correct-horse-7-battery'
  const body = Buffer.concat([
    Buffer.from([0xff, 0xd8, 0xff, 0xe0]),
    Buffer.from(`\r\n{"password": "${secret}", "name": "kept"}\r\n`),
  ])
  const head = `POST / HTTP/1.1\r\nHost: h\r\nContent-Type: multipart/form-data\r\nContent-Length: ${body.length}\r\n\r\n`
  const [exchange] = exchangesOf(
    fragmentsOf([
      ['>', head],
      ['>', body],
    ]),
  )
  const told = exchange?.request?.body
  expect(told?.form).toBe('base64')
  const bytes = Buffer.from(told?.data ?? '', 'base64')
  expect(bytes).toHaveLength(body.length)
  expect(bytes.includes(secret)).toBe(false)
  expect(bytes.includes('kept')).toBe(true)
})
