/**
 * Runs an agent's program and stays, as a service does between two requests: it keeps one connection to a host open, makes a
 * new one each time, and writes down what got through. Run as `node --import telemetry.ts stay.ts PROGRAM ADDRESS FOLDER`,
 * where PROGRAM is relative to `src`; it ends on SIGTERM.
 */
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { CABLE } from '../incidents/network/limits.ts'
import { CONNECT_MS, PULSE_MS } from './limits.ts'
import type { Pulse } from './pulse.ts'

// What is left is the agent's own.
const [program = '', address = '', folder = ''] = process.argv.splice(2, 3)
const [host = '', port = ''] = address.split(':')
process.once('SIGTERM', () => process.exit(0))

const open = await opened()
await import(new URL(`../${program}`, import.meta.url).href)
writeFileSync(join(folder, 'acted'), String(process.pid))
for (;;) {
  await wait(PULSE_MS)
  // The file is also an act that the kernel sees while nothing leaves.
  const pulse: Pulse = {
    at: Date.now(),
    pid: process.pid,
    open: await saysOn(open),
    fresh: await saysOn(await opened()),
    sent: bytesSent(),
  }
  appendFileSync(join(folder, 'pulse.jsonl'), `${JSON.stringify(pulse)}\n`)
}

/** The ninth counter of an interface is the first of what it sent (proc(5), /proc/net/dev). */
function bytesSent(): number {
  const line = readFileSync('/proc/self/net/dev', 'utf8')
    .split('\n')
    .find((one) => one.trim().startsWith(`${CABLE}:`))
  return Number(line?.split(':')[1]?.trim().split(/\s+/)[8] ?? Number.NaN)
}

async function opened(): Promise<Socket | undefined> {
  const socket = connect(Number(port), host)
  const isOpen = await new Promise<boolean>((done) => {
    socket.once('connect', () => done(true))
    socket.once('error', () => done(false))
    setTimeout(() => done(false), CONNECT_MS)
  })
  if (isOpen) return socket
  socket.destroy()
  return undefined
}

/** The host answers each byte with one: what is answered has got out and back. */
async function saysOn(socket: Socket | undefined): Promise<Pulse['open']> {
  if (socket === undefined) return 'cut'
  const isAnswered = new Promise<boolean>((done) => {
    socket.once('data', () => done(true))
    socket.once('error', () => done(false))
    socket.once('close', () => done(false))
    setTimeout(() => done(false), CONNECT_MS)
  })
  socket.write('.')
  const says = (await isAnswered) ? 'through' : 'cut'
  if (socket !== open) socket.destroy()
  return says
}
