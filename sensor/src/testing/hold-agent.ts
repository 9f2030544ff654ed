/** The held process of the hold tests. Each line asks for one thing, and is answered with one line. */
import { createSocket } from 'node:dgram'
import { Resolver } from 'node:dns/promises'
import { connect, createServer } from 'node:net'
import { createInterface } from 'node:readline'

const received = { tcp4: 0, tcp6: 0, udp4: 0, udp6: 0, collector: 0 }
type Way = keyof typeof received

/** Opens one connection for each way and sends over all of them every 2 ms. */
async function talk(): Promise<string> {
  const streams = [
    ['tcp4', '10.213.7.2', 4_000],
    ['tcp6', 'fd21:3700::2', 4_000],
    ['collector', '10.213.7.2', 4_318],
  ] as const
  const sends = await Promise.all(
    streams.map(async ([way, host, port]) => {
      const { promise, resolve } = Promise.withResolvers<void>()
      const socket = connect(port, host, resolve)
      socket.on('error', () => {})
      socket.on('data', (bytes) => count(way, bytes))
      await promise
      return () => socket.write('x')
    }),
  )
  const datagrams = (['udp4', 'udp6'] as const).map((way) => {
    const socket = createSocket(way)
    socket.on('error', () => {})
    socket.on('message', (bytes) => count(way, bytes))
    const host = way === 'udp4' ? '10.213.7.2' : 'fd21:3700::2'
    return () => socket.send('x', 4_000, host, () => {})
  })
  setInterval(() => [...sends, ...datagrams].forEach((send) => send()), 2)
  return 'talking'
}

function count(way: Way, bytes: Buffer): void {
  received[way] += bytes.length
}

function tryConnect(target: string): Promise<string> {
  const cut = target.lastIndexOf(':')
  const to = target.startsWith('/')
    ? { path: target }
    : { host: target.slice(0, cut), port: Number(target.slice(cut + 1)) }
  return new Promise((resolve) => {
    const socket = connect(to, () => {
      socket.destroy()
      resolve('connected')
    })
    socket.once('error', (error) => resolve('code' in error ? String(error.code) : error.message))
  })
}

/** As a program asks: over UDP, from a socket of its own. */
async function resolve(name: string, server: string): Promise<string> {
  const resolver = new Resolver({ timeout: 2_000, tries: 2 })
  resolver.setServers([server])
  const [first = 'nothing'] = await resolver.resolve4(name).catch((error: unknown) => [String(error)])
  return first
}

/** Answers who connects to it on its own loopback; its port. */
function listen(): Promise<string> {
  return new Promise((resolve) => {
    const server = createServer((socket) => socket.on('error', () => {}).end('.'))
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      resolve(address === null || typeof address === 'string' ? 'no port' : String(address.port))
    })
  })
}

/** One datagram from a socket that is not connected. */
function datagram(target: string): Promise<string> {
  const cut = target.lastIndexOf(':')
  const host = target.slice(0, cut)
  const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4')
  return new Promise((resolve) => {
    socket.send('x', Number(target.slice(cut + 1)), host, (error) => {
      socket.close()
      resolve(error === null ? 'sent' : 'code' in error ? String(error.code) : error.message)
    })
  })
}

async function said(what: string, target: string, server: string): Promise<string> {
  if (what === 'talk') return await talk()
  if (what === 'connect') return await tryConnect(target)
  if (what === 'listen') return await listen()
  if (what === 'datagram') return await datagram(target)
  return what === 'resolve' ? await resolve(target, server) : JSON.stringify(received)
}

async function answer(line: string): Promise<void> {
  const [what = '', target = '', server = ''] = line.split(' ')
  process.stdout.write(`${await said(what, target, server)}\n`)
}

createInterface(process.stdin)
  .on('line', (line) => void answer(line))
  .once('close', () => process.exit())
