import { spawnSync } from 'node:child_process'

/** Why a program cannot get a network of its own here, and what mends it where something does. */
export type NetworkObstacle = { readonly detail: string; readonly remedy?: string }

/** How one try of a program ended: it is not there, it worked, or it failed with what it said. */
export type Tried = 'missing' | 'worked' | { readonly said: string }

/** The Debian package of each program that a private network is made with (private-network.ts, inside.ts). */
const PACKAGES = { unshare: 'util-linux', ip: 'iproute2', mount: 'mount' } as const

/** A try of each is cheap, and a container that hangs one is not waited for. */
const TRY_MS = 5_000

/** The obstacle of this machine; undefined where a network of its own can be made. Takes some milliseconds. */
export function networkObstacle(): NetworkObstacle | undefined {
  return obstacleOf({ uid: process.getuid?.(), attempt: attemptHere })
}

/** One sentence of the obstacle and its remedy. */
export function obstacleText({ detail, remedy }: NetworkObstacle): string {
  return remedy === undefined ? detail : `${detail} (${remedy})`
}

/**
 * What stands in the way, the first kind of it that is found: a system without namespaces, an account that is not root, programs
 * that are not installed, all of them, or a kernel that refuses, in its own words. `attempt` runs a program to its end.
 */
export function obstacleOf({
  uid,
  attempt,
}: {
  /** Undefined on a system that has no such numbers. */
  readonly uid: number | undefined
  readonly attempt: (program: string, args: readonly string[]) => Tried
}): NetworkObstacle | undefined {
  if (uid === undefined) return { detail: 'a network namespace of its own takes Linux' }
  if (uid !== 0)
    return {
      detail: `a network namespace of its own takes root, and this runs as user ${uid}`,
      remedy: 'run it as root',
    }
  const missing = Object.entries(PACKAGES).filter(([program]) => attempt(program, ['--version']) === 'missing')
  if (missing.length > 0) {
    const names = missing.map(([program]) => `\`${program}\``).join(' and ')
    return {
      detail: `a network namespace of its own takes ${names}, which ${missing.length === 1 ? 'is' : 'are'} not installed`,
      remedy: `apt-get install ${missing.map(([, name]) => name).join(' ')}`,
    }
  }
  for (const args of TRIES) {
    const tried = attempt('unshare', args)
    if (tried !== 'worked' && tried !== 'missing') return refusalOf(args, tried.said)
  }
  return undefined
}

/** Each asks for more than the one before it, so that the first that fails names what is refused. */
const TRIES = [
  ['--net', 'true'],
  ['--net', '--mount', 'true'],
  ['--net', '--mount', 'ip', 'link', 'set', 'lo', 'up'],
] as const

function refusalOf(args: readonly string[], said: string): NetworkObstacle {
  const words = said.trim().replaceAll(/\s+/g, ' ').slice(0, 300)
  const detail = `\`unshare ${args.join(' ')}\` fails here: ${words === '' ? 'it says nothing' : words}`
  // unshare(1) makes the mounts of the new namespace private first, which takes a root that is a mount (mount(2), EINVAL).
  if (words.includes('root filesystem propagation'))
    return {
      detail,
      remedy: 'the root of this file system is no mount point: use a container or machine where it is one',
    }
  return { detail, remedy: 'a container has to be let make namespaces: --privileged, or a virtual machine' }
}

function attemptHere(program: string, args: readonly string[]): Tried {
  const { error, status, stderr } = spawnSync(program, args, { encoding: 'utf8', timeout: TRY_MS })
  if (error !== undefined && 'code' in error && error.code === 'ENOENT') return 'missing'
  if (status === 0) return 'worked'
  return { said: error === undefined ? stderr : error.message }
}
