import { expect, test } from 'vitest'
import { loopbackResolvers } from './resolvers.ts'

test('a resolver of the machine itself is let to by both protocols, and only on its port', () => {
  const text = '# of systemd\nnameserver 127.0.0.53\noptions edns0 trust-ad\nsearch .\n  nameserver  ::1 \n'
  expect(loopbackResolvers(text)).toEqual([
    { address: '127.0.0.53', prefix: 32, port: 53, protocol: 'udp' },
    { address: '127.0.0.53', prefix: 32, port: 53, protocol: 'tcp' },
    { address: '::1', prefix: 128, port: 53, protocol: 'udp' },
    { address: '::1', prefix: 128, port: 53, protocol: 'tcp' },
  ])
})

test.each(['nameserver 192.0.2.53', 'nameserver 127.1', 'nameserver', '#nameserver 127.0.0.1', 'search 127.0.0.1', ''])(
  'no other server is let to: %j',
  (line) => expect(loopbackResolvers(line)).toEqual([]),
)
