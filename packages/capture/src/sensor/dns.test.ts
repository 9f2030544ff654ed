import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ipv6Text, readDns } from './dns.ts'
import { dnsBytes, nameBytes } from './testing/records.ts'

test('a question has its name in lower case and its type', () => {
  expect(readDns(dnsBytes('API.Example.com'))).toEqual({
    isAnswer: false,
    name: 'api.example.com',
    recordType: 'A',
    answers: [],
  })
})

test('answers are addresses and names, through pointers', () => {
  const message = readDns(
    dnsBytes('a.test', [
      { type: 5, data: nameBytes('b.test') },
      { type: 1, data: Buffer.from([10, 0, 0, 1]) },
      { type: 28, data: Buffer.from('20010db8000000000000000000000001', 'hex') },
      { type: 16, data: Buffer.from([3, 0x61, 0x62, 0x63]) },
    ]),
  )
  expect(message?.answers).toEqual(['b.test', '10.0.0.1', '2001:db8::1'])
})

test('a name that points at itself or forwards ends, and is no message', () => {
  const message = dnsBytes('a.test')
  const head = message.subarray(0, 12)
  expect(readDns(Buffer.concat([head, Buffer.from([0xc0, 12, 0, 1, 0, 1])]))).toBeUndefined()
  expect(readDns(Buffer.concat([head, Buffer.from([0xc0, 14, 0xc0, 12, 0, 1, 0, 1])]))).toBeUndefined()
})

test('a byte that would read as something else is written as its number', () => {
  const name = Buffer.concat([Buffer.from([4, 0x61, 0x2e, 0x0a, 0xff]), Buffer.from([0])])
  const message = Buffer.concat([dnsBytes('a').subarray(0, 12), name, Buffer.from([0, 1, 0, 1])])
  expect(readDns(message)?.name).toBe(String.raw`a\046\010\255`)
})

test('more answers than are kept are left out, and a count that lies ends with the bytes', () => {
  const many = Array.from({ length: 40 }, (_, i) => ({ type: 1, data: Buffer.from([10, 0, 0, i]) }))
  expect(readDns(dnsBytes('a.test', many))?.answers).toHaveLength(32)
  const lying = dnsBytes('a.test', many.slice(0, 2))
  lying.writeUInt16BE(60_000, 6)
  expect(readDns(lying)?.answers).toHaveLength(2)
})

test.each([
  ['0000000000000000000000000000ffff', '::ffff'],
  ['00000000000000000000ffff7f000001', '127.0.0.1'],
  ['fe800000000000000000000000000001', 'fe80::1'],
  ['20010db8000000010000000000000000', '2001:db8:0:1::'],
  ['00000000000000000000000000000000', '::'],
])('%s is %s', (hex, text) => {
  expect(ipv6Text(Buffer.from(hex, 'hex'))).toBe(text)
})

test('whatever bytes come, reading ends', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const message = readDns(bytes)
      if (message !== undefined) expect(message.name).toMatch(/^[\x21-\x7e]+$/)
    }),
    { numRuns: 500 },
  )
})
