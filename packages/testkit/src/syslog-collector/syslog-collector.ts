import { createSocket } from 'node:dgram'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'

export type SyslogCollector = AsyncDisposable & { readonly port: number; readonly messages: readonly string[] }

/** A collector of RFC 5424 over TCP, TLS (with octet counting; anything else ends the connection) or UDP. */
export async function startSyslogCollector(
  transport: 'tcp' | 'udp' | { readonly key: string; readonly cert: string },
): Promise<SyslogCollector> {
  const messages: string[] = []
  if (transport === 'udp') {
    const socket = createSocket('udp4')
    socket.on('message', (message) => messages.push(message.toString('utf8')))
    const bound = Promise.withResolvers<void>()
    socket.bind(0, '127.0.0.1', () => bound.resolve())
    await bound.promise
    return {
      port: socket.address().port,
      messages,
      [Symbol.asyncDispose]: async () => {
        const closed = Promise.withResolvers<void>()
        socket.close(() => closed.resolve())
        await closed.promise
      },
    }
  }
  const take = (socket: Socket): void => {
    let rest: Buffer = Buffer.alloc(0)
    socket.on('data', (chunk: Buffer) => {
      const read = framesOf(Buffer.concat([rest, chunk]))
      if (read === undefined) return void socket.destroy()
      messages.push(...read.frames)
      rest = read.rest
    })
    socket.on('error', () => undefined)
  }
  const server = transport === 'tcp' ? createServer(take) : createTlsServer(transport, take)
  const listening = Promise.withResolvers<void>()
  server.listen(0, '127.0.0.1', () => listening.resolve())
  await listening.promise
  return {
    port: (server.address() as AddressInfo).port, // a listening TCP server has one
    messages,
    [Symbol.asyncDispose]: async () => {
      const closed = Promise.withResolvers<void>()
      server.close(() => closed.resolve())
      await closed.promise
    },
  }
}

/** Whole frames and what is left; undefined for what is no counted frame. */
function framesOf(bytes: Buffer): { readonly frames: readonly string[]; readonly rest: Buffer } | undefined {
  const frames: string[] = []
  let rest = bytes
  for (;;) {
    const space = rest.indexOf(0x20)
    if (space === -1) return rest.length > 10 ? undefined : { frames, rest }
    const count = rest.subarray(0, space).toString('ascii')
    if (!/^[1-9]\d{0,8}$/.test(count)) return undefined
    const end = space + 1 + Number(count)
    if (rest.length < end) return { frames, rest }
    frames.push(rest.subarray(space + 1, end).toString('utf8'))
    rest = rest.subarray(end)
  }
}
