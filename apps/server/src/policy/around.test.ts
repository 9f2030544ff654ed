import { expect, test } from 'vitest'
import { collectorPlaces } from './around.ts'

test('the collector on loopback is a place of its own, because a list of a host refuses it there unless it names it', () => {
  expect(collectorPlaces('127.0.0.1', [4317, 4318])).toEqual(['127.0.0.1:4317/tcp', '127.0.0.1:4318/tcp'])
  expect(collectorPlaces('localhost', [4318])).toEqual(['127.0.0.1:4318/tcp', '::1:4318/tcp'])
  expect(collectorPlaces('0.0.0.0', [4318])).toContain('127.0.0.1:4318/tcp')
})
