/**
 * The inner side of a private network (private-network.ts): names its hosts, serves them, and runs one program there to
 * its end. Run as `unshare --net --mount node inside.ts`, with the description on standard input.
 */
import { execFileSync, spawn } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { mkdirSync, writeFileSync } from 'node:fs'
import { createServer as createHttpServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { connect, createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { json } from 'node:stream/consumers'

import { joinPeer } from './join-peer.ts'
import { answerQuestion } from './answer-question.ts'
import { END_GRACE_MS, RESOLVER } from './limits.ts'
import type { Description, Host } from './private-network.ts'

// Our own parent writes it, in the type that both share.
const { hosts, doors, command, env, cwd, files, volumes, resolvConf } = (await json(process.stdin)) as Description

nameHosts()
placeFiles()
for (const { folder, at } of volumes) execFileSync('mount', ['--bind', folder, at])
await Promise.all([
  ...doors.map(openDoor),
  ...hosts.map((host) => (host.isOutside === true ? joinPeer(host) : serveHost(host))),
  answerNames(),
])
const [program = '', ...args] = command
const child = spawn(program, args, { cwd, env: { ...env }, stdio: ['ignore', 'inherit', 'inherit'] })
child.once('error', (cause) => {
  process.stderr.write(`${cause.message}\n`)
  process.exit(127)
})
child.once('close', (code) => process.exit(code ?? 137))
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => child.kill(signal))
process.once('disconnect', endAlone)
if (!process.connected) endAlone()

/** Who would ask us to end, and kill what stays, was killed: as private-network.ts does it, we do it ourselves. */
function endAlone(): void {
  child.kill('SIGTERM')
  // The group is ours: `unshare` was started as its first process, and we are in its place.
  setTimeout(() => process.kill(-process.pid, 'SIGKILL'), END_GRACE_MS).unref()
}

function nameHosts(): void {
  const ip = (...words: readonly string[]): void => void execFileSync('ip', words)
  ip('link', 'set', 'lo', 'up')
  const here = hosts.filter(({ isOutside }) => isOutside !== true)
  for (const address of [RESOLVER, ...here.map((host) => host.address)])
    ip('address', 'add', `${address}/32`, 'dev', 'lo')
  // Mounts made here are seen by nobody else: the caller made a mount namespace.
  writeFileSync(resolvConf, `nameserver ${RESOLVER}\n`)
  execFileSync('mount', ['--bind', resolvConf, '/etc/resolv.conf'])
}

/** Files that a container would have mounted, on a file system of their own. */
function placeFiles(): void {
  if (files.length === 0) return
  execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', '/run'])
  for (const { path, text } of files) {
    mkdirSync(dirname(join('/run', path)), { recursive: true })
    writeFileSync(join('/run', path), text)
  }
}

/** A port of this network's loopback that leads out, to the same port of the machine's. */
function openDoor({ port, socket }: Description['doors'][number]): Promise<void> {
  const server = createServer((inner) => {
    const outer = connect(socket)
    inner.pipe(outer).pipe(inner)
    inner.on('error', () => outer.destroy())
    outer.on('error', () => inner.destroy())
  })
  return new Promise((resolve) => server.listen(port, '127.0.0.1', resolve))
}

function serveHost({ address, port, pages, echoes }: Host): Promise<void> {
  if (pages === undefined) {
    // Without an echo it takes what it is sent and says nothing.
    const server = createServer((socket) => {
      socket.on('error', () => socket.destroy())
      if (echoes === true) socket.pipe(socket)
      else socket.resume()
    })
    return new Promise((resolve) => server.listen(port, address, resolve))
  }
  const server = createHttpServer((request, response) => answerPage(request, response, pages))
  return new Promise((resolve) => server.listen(port, address, resolve))
}

function answerPage(request: IncomingMessage, response: ServerResponse, pages: Readonly<Record<string, string>>): void {
  let bytes = 0
  request.on('data', (chunk: Buffer) => (bytes += chunk.length))
  request.on('end', () => {
    if (request.method !== 'GET') {
      response.end(JSON.stringify({ received: bytes }))
      return
    }
    const page = pages[request.url ?? '']
    response.writeHead(page === undefined ? 404 : 200, { 'content-type': 'text/plain' }).end(page ?? 'not found')
  })
}

function answerNames(): Promise<void> {
  const addresses = new Map(hosts.map(({ name, address }) => [name, address]))
  const resolver = createSocket('udp4')
  resolver.on('message', (question, { address, port }) => {
    const answer = answerQuestion(question, addresses)
    if (answer !== undefined) resolver.send(answer, port, address)
  })
  return new Promise((resolve) => resolver.bind(53, RESOLVER, resolve))
}
