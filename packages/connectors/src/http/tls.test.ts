import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { startSyslogCollector } from '@holdfast/testkit'
import { expect, test } from 'vitest'
import { syslogChannel } from '../siem/syslog.ts'
import { certificateFor } from '../testing/certificate.ts'
import { ALL, BASE, deliveryOf, noticeWith } from '../testing/notices.ts'
import { Outgoing } from './outgoing.ts'

const NAME = 'hook.example.test'
const IDENTITY = certificateFor(NAME)
const HERE = { allow: ['127.0.0.1'], resolve: async () => ['127.0.0.1'] }

async function serve(): Promise<AsyncDisposable & { readonly port: number; readonly names: readonly unknown[] }> {
  const names: unknown[] = []
  const server = createServer(IDENTITY, (request, answer) => {
    // The name that was indicated, which a TLS socket has.
    names.push((request.socket as unknown as { readonly servername: unknown }).servername)
    answer.end('well')
  })
  const listening = Promise.withResolvers<void>()
  server.listen(0, '127.0.0.1', () => listening.resolve())
  await listening.promise
  return {
    port: (server.address() as AddressInfo).port, // a listening TCP server has one
    names,
    [Symbol.asyncDispose]: async () => {
      const closed = Promise.withResolvers<void>()
      server.close(() => closed.resolve())
      server.closeAllConnections()
      await closed.promise
    },
  }
}

const request = (url: string) => ({ method: 'POST', url, headers: {}, body: '{}' }) as const

test('the connection goes to the address that was looked at, and the certificate has to be of the name', async () => {
  await using server = await serve()
  const trusting = new Outgoing({ ...HERE, ca: IDENTITY.cert })
  expect(await trusting.send(request(`https://${NAME}:${server.port}/`))).toMatchObject({
    status: 'answered',
    body: 'well',
  })
  expect(server.names).toEqual([NAME])
  const other = await trusting.send(request(`https://other.example.test:${server.port}/`))
  expect(other).toEqual({ status: 'unreachable', reason: 'ERR_TLS_CERT_ALTNAME_INVALID' })
  const bare = await trusting.send(request(`https://127.0.0.1:${server.port}/`))
  expect(bare).toMatchObject({ status: 'unreachable', reason: 'ERR_TLS_CERT_ALTNAME_INVALID' })
})

test('a certificate that nobody vouches for is refused', async () => {
  await using server = await serve()
  expect(await new Outgoing(HERE).send(request(`https://${NAME}:${server.port}/`))).toMatchObject({
    status: 'unreachable',
    reason: 'DEPTH_ZERO_SELF_SIGNED_CERT',
  })
})

test('a syslog collector over TLS gets counted frames, and one of another name nothing', async () => {
  await using collector = await startSyslogCollector(IDENTITY)
  const own = {
    name: 's',
    filter: ALL,
    base: BASE,
    version: '1',
    sender: 'here',
    transport: 'tls',
    ca: IDENTITY.cert,
    ...HERE,
  } as const
  const channel = syslogChannel({ ...own, host: NAME, port: collector.port })
  expect(await channel.deliver([deliveryOf(noticeWith())])).toMatchObject([{ status: 'delivered' }])
  expect(collector.messages).toHaveLength(1)
  const wrong = syslogChannel({ ...own, host: 'other.example.test', port: collector.port })
  expect(await wrong.deliver([deliveryOf(noticeWith())])).toMatchObject([
    { status: 'retry', detail: 'ERR_TLS_CERT_ALTNAME_INVALID' },
  ])
  expect(collector.messages).toHaveLength(1)
})
