/**
 * A host in a network namespace of its own, behind a virtual cable: gives back what it is sent. Run as
 * `unshare --net node outer-peer.ts ADDRESS PORT`; says `ready` and waits for a line by which it is told that its end of the cable,
 * `cable`, is there; says `listening` once it takes connections, and ends with its standard input.
 */
import { execFileSync } from 'node:child_process'
import { createServer } from 'node:net'
import { createInterface } from 'node:readline'

const [address = '', port = '', near = '', nearMac = ''] = process.argv.slice(2)
const lines = createInterface({ input: process.stdin })
lines.once('line', () => {
  const ip = (...words: readonly string[]): void => void execFileSync('ip', words)
  ip('address', 'add', `${address}/31`, 'dev', 'cable')
  ip('link', 'set', 'cable', 'up')
  ip('neighbour', 'add', near, 'lladdr', nearMac, 'dev', 'cable', 'nud', 'permanent')
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy())
    socket.pipe(socket)
  })
  server.listen(Number(port), address, () => console.log('listening'))
})
lines.once('close', () => process.exit(0))
console.log('ready')
