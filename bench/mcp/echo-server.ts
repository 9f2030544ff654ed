/** Answers every request at once, over stdio, or with `http` over HTTP: what a proxy adds must not hide behind its work. */
import { createServer } from 'node:http'
import { createInterface } from 'node:readline'

const TEXT = 'x'.repeat(1_024)

function answerTo(message: string): string {
  // Our own load sends nothing else.
  const { id } = JSON.parse(message) as { readonly id: number }
  return JSON.stringify({ jsonrpc: '2.0', id, result: { content: [{ type: 'text', text: TEXT }] } })
}

if (process.argv[2] === 'http') {
  const server = createServer((request, response) => {
    const pieces: Buffer[] = []
    request.on('data', (piece: Buffer) => pieces.push(piece))
    request.on('end', () => {
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end(answerTo(Buffer.concat(pieces).toString()))
    })
  })
  server.listen(0, '127.0.0.1', () => {
    const address = server.address()
    if (typeof address === 'object' && address !== null) console.log(`http://127.0.0.1:${address.port}/mcp`)
  })
} else {
  createInterface({ input: process.stdin }).on('line', (line) => process.stdout.write(`${answerTo(line)}\n`))
}
