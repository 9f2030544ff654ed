/** The outer end of the hold tests: counts what arrives, sends a byte back for each, and answers lines. */
import { createSocket } from 'node:dgram'
import { createServer } from 'node:net'
import { createInterface } from 'node:readline'

const arrived = { tcp4: 0, tcp6: 0, udp4: 0, udp6: 0, collector: 0 }

function listen(host: string, port: number, count: 'tcp4' | 'tcp6' | 'collector'): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  createServer((socket) => {
    socket.on('error', () => {})
    socket.on('data', (bytes) => {
      arrived[count] += bytes.length
      socket.write('.')
    })
  }).listen(port, host, resolve)
  return promise
}

function bind(host: string, kind: 'udp4' | 'udp6'): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const socket = createSocket(kind)
  socket.on('message', (bytes, from) => {
    arrived[kind] += bytes.length
    socket.send('.', from.port, from.address, () => {})
  })
  socket.bind(4_000, host, resolve)
  return promise
}

const ready = Promise.all([
  listen('10.213.7.2', 4_000, 'tcp4'),
  listen('fd21:3700::2', 4_000, 'tcp6'),
  listen('10.213.7.2', 4_318, 'collector'),
  bind('10.213.7.2', 'udp4'),
  bind('fd21:3700::2', 'udp6'),
])

async function answer(line: string): Promise<void> {
  await ready
  process.stdout.write(`${line === 'count' ? JSON.stringify(arrived) : 'ready'}\n`)
}

createInterface(process.stdin)
  .on('line', (line) => void answer(line))
  .once('close', () => process.exit())
