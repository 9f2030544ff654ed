import { createServer, type AddressInfo } from 'node:net'
import { createInterface } from 'node:readline'

export type SmtpSink = AsyncDisposable & {
  /** host:port */
  readonly address: string
  /** Recipients of the messages that came, in order. */
  readonly recipients: readonly string[]
}

/** A mail server on a loopback port that takes every message. */
export async function startSmtpSink(): Promise<SmtpSink> {
  const recipients: string[] = []
  const server = createServer((socket) => {
    let isData = false
    socket.write('220 mail.example.test\r\n')
    socket.on('error', () => socket.destroy())
    createInterface({ input: socket }).on('line', (line) => {
      if (isData && line !== '.') return
      const to = /^RCPT TO:<([^>]*)>/.exec(line)?.[1]
      if (to !== undefined) recipients.push(to)
      isData = line === 'DATA'
      socket.write(isData ? '354 go on\r\n' : line === 'QUIT' ? '221 bye\r\n' : '250 ok\r\n')
    })
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  // A TCP server that listens has an address of this type.
  const { port } = server.address() as AddressInfo
  return {
    address: `127.0.0.1:${port}`,
    recipients,
    [Symbol.asyncDispose]: async () => {
      await new Promise<void>((done) => server.close(() => done()))
    },
  }
}
