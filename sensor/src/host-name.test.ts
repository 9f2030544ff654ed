import { expect, test } from 'vitest'
import { hostName } from './host-name.ts'

test.each([
  [undefined, 'system'],
  ['', 'system'],
  ['node-7', 'node-7'],
  // What the server beside it listens on.
  ['127.0.0.1', 'system'],
  ['localhost', 'system'],
  ['::1', 'system'],
])('with HOLDFAST_HOST as %j the host is called %s', (named, called) => {
  expect(hostName({ HOLDFAST_HOST: named }, 'system')).toBe(called)
})
