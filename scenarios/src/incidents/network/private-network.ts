import { spawn, type ChildProcessByStdio } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import type { Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

import { END_GRACE_MS, PROGRAM_SECONDS } from './limits.ts'
import { networkObstacle, obstacleText } from './network-obstacle.ts'

/** A host of a private network. Names end in `.example.test`, addresses are of 203.0.113.0/24 (RFC 5737). */
export type Host = {
  readonly name: string
  readonly address: string
  readonly port: number
  /** Answers by path; whatever is sent is taken. Undefined: takes a connection and what comes by it, and says nothing. */
  readonly pages?: Readonly<Record<string, string>>
  /** Gives back what it is sent, and serves no pages. */
  readonly echoes?: true
  /** In a namespace of its own, behind a virtual cable; at most one, and its address is even. It gives back what it is sent. */
  readonly isOutside?: true
}

/** What `inside.ts` is told. */
export type Description = {
  readonly hosts: readonly Host[]
  readonly doors: readonly { readonly port: number; readonly socket: string }[]
  readonly command: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly cwd: string
  readonly files: readonly PlacedFile[]
  readonly volumes: readonly Volume[]
  readonly resolvConf: string
}

/** A file that only this program sees; `path` is below `/run`, whose own files it does not see. */
export type PlacedFile = { readonly path: string; readonly text: string }

/** A folder of the machine that the program finds at another place, which must be a folder too. */
export type Volume = { readonly folder: string; readonly at: string }

export type PrivateProgram = {
  readonly hosts: readonly Host[]
  /** Ports of this machine's loopback that the program reaches at the same place. */
  readonly ports: readonly number[]
  readonly command: readonly string[]
  /** The whole environment of the program. */
  readonly env: Readonly<Record<string, string>>
  readonly files?: readonly PlacedFile[]
  readonly volumes?: readonly Volume[]
  /** A folder to start in; the temporary folder by default. */
  readonly cwd?: string
  /** At most so long; {@link PROGRAM_SECONDS} unless told. */
  readonly seconds?: number
  /** Asks the program to end when it is aborted. */
  readonly signal?: AbortSignal | undefined
}

export type Ended = { readonly code: number | null; readonly output: string; readonly said: string }

/** Why no such network can be made here; undefined where it can. */
export function noPrivateNetwork(): string | undefined {
  const obstacle = networkObstacle()
  return obstacle === undefined ? undefined : obstacleText(obstacle)
}

/** A program that runs in a network of its own. */
export type RunningProgram = AsyncDisposable & {
  /** Once it has ended; never rejects. */
  readonly ended: Promise<Ended>
}

/**
 * Runs a program in a network of its own, with real hosts, names and connections, and nothing of the world outside but the named
 * ports; it is asked to end with the block that holds it. Needs root; look at {@link noPrivateNetwork} first.
 */
export async function startInPrivateNetwork(program: PrivateProgram): Promise<RunningProgram> {
  await using making = new AsyncDisposableStack()
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-network-'))
  making.defer(() => rmSync(folder, { recursive: true, force: true }))
  const doors = program.ports.map((port) => ({ port, socket: join(folder, `${port}.sock`) }))
  for (const door of doors) making.adopt(await openRelay(door), (relay) => void relay.close())
  const child = spawnInside(program.seconds)
  const description: Description = {
    hosts: program.hosts,
    doors,
    command: program.command,
    env: program.env,
    cwd: program.cwd ?? tmpdir(),
    files: program.files ?? [],
    volumes: program.volumes ?? [],
    resolvConf: join(folder, 'resolv.conf'),
  }
  child.stdin.end(JSON.stringify(description))
  const place = making.move()
  let isAsked = false
  const stop = (): void => {
    // Once: what runs there is free to take a second signal for an order to leave everything behind.
    if (!isAsked) end(child)
    isAsked = true
  }
  program.signal?.addEventListener('abort', stop, { once: true })
  if (program.signal?.aborted === true) stop()
  const cleared = async (): Promise<Ended> => {
    const ending = await endedOf(child)
    program.signal?.removeEventListener('abort', stop)
    await place.disposeAsync()
    return ending
  }
  const ended = cleared()
  return {
    ended,
    [Symbol.asyncDispose]: async () => {
      stop()
      await ended
    },
  }
}

type Inside = ChildProcessByStdio<Writable, Readable, Readable>

/** In a group of processes of its own: a terminal's Ctrl-C is for us alone, who end it in its order, and as a whole where it stays. */
function spawnInside(seconds = PROGRAM_SECONDS): Inside {
  const inside = fileURLToPath(new URL('../../../src/incidents/network/inside.ts', import.meta.url))
  const args = ['--net', '--mount', process.execPath, '--disable-warning=ExperimentalWarning', inside]
  const child = spawn('unshare', args, {
    env: { PATH: process.env['PATH'] },
    // Nothing is said over the channel: its end tells the far side that we are gone.
    stdio: ['pipe', 'pipe', 'pipe', 'ipc'],
    timeout: seconds * 1_000,
    detached: true,
  }) as Inside // its first three are pipes, as the line above asks for
  // One that ends before it has read what it is to do says so by its end.
  child.stdin.on('error', () => undefined)
  return child
}

/** Asks it to end, which lets what it runs hand over what it holds; what has not ended by then is killed, all of it. */
function end(child: Inside): void {
  const { pid } = child
  if (pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGTERM')
  const timer = setTimeout(() => {
    try {
      process.kill(-pid, 'SIGKILL')
    } catch {
      // It has ended meanwhile.
    }
  }, END_GRACE_MS)
  child.once('close', () => clearTimeout(timer))
}

async function endedOf(child: Inside): Promise<Ended> {
  const code = new Promise<number | null>((done) => child.once('close', done))
  let fault = ''
  child.once('error', ({ message }) => {
    fault = message
  })
  const [output, said] = await Promise.all([text(child.stdout), text(child.stderr)])
  return { code: await code, output, said: `${said}${fault}` }
}

/** The outer side of a door: a unix socket knows no network namespace. */
function openRelay({ port, socket }: { readonly port: number; readonly socket: string }): Promise<Server> {
  const server = createServer((inner) => {
    const outer = connect(port, '127.0.0.1')
    inner.pipe(outer).pipe(inner)
    inner.on('error', () => outer.destroy())
    outer.on('error', () => inner.destroy())
  })
  return new Promise((resolve, reject) => server.once('error', reject).listen(socket, () => resolve(server)))
}
