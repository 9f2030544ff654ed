import { spawn } from 'node:child_process'
import { rmSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import type { Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

import { PROGRAM_SECONDS } from './limits.ts'
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
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-network-'))
  const doors = program.ports.map((port) => ({ port, socket: join(folder, `${port}.sock`) }))
  const relays = await Promise.all(doors.map(openRelay))
  const inside = fileURLToPath(new URL('../../../src/incidents/network/inside.ts', import.meta.url))
  const args = ['--net', '--mount', process.execPath, '--disable-warning=ExperimentalWarning', inside]
  const child = spawn('unshare', args, {
    env: { PATH: process.env['PATH'] },
    stdio: ['pipe', 'pipe', 'pipe'],
    timeout: (program.seconds ?? PROGRAM_SECONDS) * 1_000,
  })
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
  const code = new Promise<number | null>((done) => child.once('close', done))
  const ended = Promise.all([text(child.stdout), text(child.stderr)]).then(async ([output, said]) => {
    const ending = { code: await code, output, said }
    for (const relay of relays) relay.close()
    rmSync(folder, { recursive: true, force: true })
    return ending
  })
  return {
    ended,
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGTERM')
      await ended
    },
  }
}

/** The outer side of a door: a unix socket knows no network namespace. */
function openRelay({ port, socket }: { readonly port: number; readonly socket: string }): Promise<Server> {
  const server = createServer((inner) => {
    const outer = connect(port, '127.0.0.1')
    inner.pipe(outer).pipe(inner)
    inner.on('error', () => outer.destroy())
    outer.on('error', () => inner.destroy())
  })
  return new Promise((resolve) => server.listen(socket, () => resolve(server)))
}
