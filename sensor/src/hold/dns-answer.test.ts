import fc from 'fast-check'
import { expect, test } from 'vitest'
import { answerBytes } from '../testing/dns-message.ts'
import { readDnsAnswer } from './dns-answer.ts'

test('an answer gives the addresses of the name that was asked for, through its aliases', () => {
  const bytes = answerBytes('Api.Example.com', [
    { owner: 'api.example.com', alias: 'edge.example.net', ttlS: 60 },
    { owner: 'edge.example.net', address: '192.0.2.7', ttlS: 30 },
    { owner: 'edge.example.net', address: '2001:db8::7', ttlS: 20 },
    { owner: 'other.example.net', address: '192.0.2.66', ttlS: 30 },
  ])
  expect(readDnsAnswer(bytes)).toEqual({
    name: 'api.example.com',
    addresses: [
      { address: '192.0.2.7', ttlS: 30 },
      { address: '2001:db8:0:0:0:0:0:7', ttlS: 20 },
    ],
  })
})

test('a name whose label holds a dot is no name', () => {
  const bytes = answerBytes('api_example.com', [{ owner: 'api_example.com', address: '192.0.2.7', ttlS: 30 }])
  expect(readDnsAnswer(Buffer.from(bytes.toString('latin1').replaceAll('_', '.'), 'latin1'))).toBeUndefined()
})

test('no bytes make it throw or loop', () => {
  const whole = answerBytes('a.example', [{ owner: 'a.example', address: '192.0.2.7', ttlS: 1 }])
  fc.assert(
    fc.property(fc.nat(whole.length - 1), fc.integer({ min: 0, max: 255 }), fc.nat(whole.length), (at, to, cut) => {
      const bent = Buffer.from(whole)
      bent[at] = to
      readDnsAnswer(bent.subarray(0, cut))
    }),
  )
  fc.assert(fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => void readDnsAnswer(Buffer.from(bytes))))
})
