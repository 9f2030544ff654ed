import { connect, createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import type { Fragment } from '../connection.ts'

/** A relay on the loopback interface that keeps what passes, one list of fragments a connection. */
export type Tap = AsyncDisposable & { readonly port: number; readonly connections: readonly (readonly Fragment[])[] }

/** Starts a relay to `port`: real clients and servers then leave real bytes, cut as the sockets cut them. */
export async function startTap(port: number): Promise<Tap> {
  const connections: Fragment[][] = []
  const server = createServer((client) => {
    const fragments: Fragment[] = []
    connections.push(fragments)
    const offsets: [number, number] = [0, 0]
    const upstream = connect(port, '127.0.0.1')
    const keep = (direction: 0 | 1, bytes: Buffer): void => {
      fragments.push({ direction, offset: offsets[direction], bytes, at: BigInt(fragments.length) })
      offsets[direction] += bytes.length
    }
    client.on('data', (bytes) => {
      keep(0, bytes)
      upstream.write(bytes)
    })
    upstream.on('data', (bytes) => {
      keep(1, bytes)
      client.write(bytes)
    })
    client.on('close', () => upstream.destroy())
    upstream.on('close', () => client.destroy())
    // Either side may reset at its end; what was relayed is kept.
    client.on('error', () => upstream.destroy())
    upstream.on('error', () => client.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port, // A listening TCP server has one.
    connections,
    async [Symbol.asyncDispose]() {
      await new Promise<void>((resolve) => {
        server.close(() => resolve())
      })
    },
  }
}
