import { connect } from 'node:net'
import { createInterface } from 'node:readline'

export type Mail = { readonly from: string; readonly to: string; readonly subject: string; readonly body: string }

/** Sends one message over a connection of its own (RFC 5321, without extensions). Rejects where the server refuses a command. */
export async function sendMail(server: string, { from, to, subject, body }: Mail): Promise<void> {
  const [host = '127.0.0.1', port = '25'] = server.split(':')
  const socket = connect(Number(port), host)
  const replies = createInterface({ input: socket })[Symbol.asyncIterator]()
  const expect = async (code: string): Promise<void> => {
    const { value } = await replies.next()
    if (typeof value !== 'string' || !value.startsWith(code)) throw new Error(`the mail server said ${String(value)}`)
  }
  try {
    await expect('220')
    const text = `From: ${from}\r\nTo: ${to}\r\nSubject: ${subject}\r\n\r\n${body.replaceAll('\n', '\r\n')}\r\n.`
    for (const [command, code] of [
      ['HELO agent.example.test', '250'],
      [`MAIL FROM:<${from}>`, '250'],
      [`RCPT TO:<${to}>`, '250'],
      ['DATA', '354'],
      [text, '250'],
      ['QUIT', '221'],
    ] as const) {
      socket.write(`${command}\r\n`)
      await expect(code)
    }
  } finally {
    socket.destroy()
  }
}
