import fc from 'fast-check'
import { isIP } from 'node:net'
import { expect, test } from 'vitest'
import { addressBits, parseHostEgress } from './host-egress.ts'

const list = (...egress: readonly unknown[]) => ({ version: 1, egress, default: 'deny' })
const address = { address: '203.0.113.5', prefix: 32, port: 443, protocol: 'tcp' }

test('a list of addresses and names is read as it is, names in small letters', () => {
  const name = { name: 'API.example.test', port: 443, protocol: 'tcp' }
  expect(parseHostEgress(list(address, name))).toEqual(list(address, { ...name, name: 'api.example.test' }))
  expect(parseHostEgress(list())).toEqual(list())
})

test.each([
  [[], 'is an object'],
  [{ ...list(), mode: 'enforce' }, '"mode"'],
  [{ ...list(), version: 2 }, 'version 2'],
  [{ ...list(), default: 'allow' }, 'default'],
  [{ version: 1, egress: {}, default: 'deny' }, 'egress: is no list'],
  [list('x'), 'egress[0]: is no object'],
  [list(address, { ...address, address: '203.0.113.256' }), 'egress[1]: address'],
  [list({ ...address, prefix: 33 }), 'prefix'],
  [list({ ...address, port: 65_536 }), 'port'],
  [list({ ...address, protocol: 'sctp' }), 'protocol'],
  [list({ ...address, name: 'a.test' }), '"name"'],
  [list({ name: 'a b', port: 1, protocol: 'tcp' }), 'name: is no DNS name'],
  [list({ name: 'a.test', prefix: 32, port: 1, protocol: 'tcp' }), '"prefix"'],
])('%j is refused whole, and the words name the place', (given, words) => {
  expect(parseHostEgress(given)).toMatchObject({ fault: expect.stringContaining(words) })
})

test('an address is one exactly where the system takes it for one', () => {
  const made = fc.stringMatching(/^[0-9a-f:.]{1,24}$/)
  const near = fc.constantFrom('::', '::1', '1::', '::ffff:1.2.3.4', '1:2:3:4:5:6:7:8', '1:2:3:4:5:6:7::', '01.2.3.4')
  fc.assert(
    fc.property(fc.oneof(fc.ipV4(), fc.ipV6(), made, near), (text) => {
      expect({ text, bits: addressBits(text) }).toEqual({ text, bits: { 0: undefined, 4: 32, 6: 128 }[isIP(text)] })
    }),
    { numRuns: 2_000 },
  )
})

test('whatever comes is read or refused', () => {
  fc.assert(fc.property(fc.jsonValue(), (value) => void parseHostEgress(value)))
})
