/** A DNS server for tests, at the address and port given. Each line `NAME ADDRESS TTL` sets what a name stands for. */
import { createSocket } from 'node:dgram'
import { isIPv4 } from 'node:net'
import { createInterface } from 'node:readline'
import { answerBytes, questionOf } from './dns-message.ts'

const [, , host = '', port = ''] = process.argv
const names = new Map<string, { readonly address: string; readonly ttlS: number }>()
const socket = createSocket('udp4')
socket.on('message', (bytes, from) => {
  const { name, type } = questionOf(bytes)
  const known = names.get(name)
  const isAsked = known !== undefined && (type === 1) === isIPv4(known.address)
  const answers = isAsked ? [{ owner: name, ...known }] : []
  socket.send(answerBytes(name, answers, bytes), from.port, from.address)
})
const bound = new Promise<void>((resolve) => socket.bind(Number(port), host, resolve))

async function set(line: string): Promise<void> {
  await bound
  const [name = '', address = '', ttl = '0'] = line.split(' ')
  names.set(name, { address, ttlS: Number(ttl) })
  process.stdout.write('set\n')
}

createInterface(process.stdin)
  .on('line', (line) => void set(line))
  .once('close', () => process.exit())
