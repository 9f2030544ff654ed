import { expect, test } from 'vitest'
import { parseAllow, parseDuration } from './parse.ts'

test('a duration has a unit, and 0 is never', () => {
  expect([parseDuration('30m'), parseDuration('1d'), parseDuration('0')]).toEqual([1_800_000, 86_400_000, 0])
  expect(() => parseDuration('30')).toThrow('30m')
})

test('an allowed address is one of either family, with its port', () => {
  expect(parseAllow('10.0.0.7:443')).toEqual({ address: '10.0.0.7', prefix: 32, port: 443, protocol: 'tcp' })
  expect(parseAllow('10.0.0.0/8:0')).toEqual({ address: '10.0.0.0', prefix: 8, port: 0, protocol: 'tcp' })
  expect(parseAllow('[fd00::1]:53/udp')).toEqual({ address: 'fd00::1', prefix: 128, port: 53, protocol: 'udp' })
})

test('a name is allowed with its port, in lower case', () => {
  expect(parseAllow('Api.Example.com:443')).toEqual({ name: 'api.example.com', port: 443, protocol: 'tcp' })
})

test.each([
  'example.com',
  'example.com/8:443',
  '10.0.0:443',
  '[example.com]:443',
  '10.0.0.7',
  '10.0.0.7:99999',
  '10.0.0.0/33:1',
  'fd00::1:443',
])('%s is none', (text) => {
  expect(() => parseAllow(text)).toThrow('ADDRESS:PORT')
})
