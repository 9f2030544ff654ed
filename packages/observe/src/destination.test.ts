import { expect, test } from 'vitest'
import { destinationKey } from './destination.ts'

test('a destination is a host and a port, whatever stands around them', () => {
  expect(destinationKey('https://API.example.test:8443/v1?q=1#top', undefined)).toBe('api.example.test:8443')
  expect(destinationKey('api.example.test.', 443)).toBe('api.example.test:443')
  expect(destinationKey('[2001:db8::1]:80', 80)).toBe('2001:db8::1:80')
  expect(destinationKey('api.example.test', undefined)).toBe('api.example.test:-')
})

/* A span names what its sender likes. What takes more than its length ends by the time limit of the test. */
test('what follows the host is left out over lines too, however many slashes it has', () => {
  expect(destinationKey(`api.example.test${'/'.repeat(300_000)}\nand more`, 443)).toBe('api.example.test:443')
})
