import { hash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { arch, release } from 'node:os'
import { resolve } from 'node:path'
import { CliError } from '../../../cli-error.ts'
import { SECCOMP_PROFILE_BYTES } from '../../../limits.ts'
import { readOwnProcess } from './own-process.ts'
import { parseProfile, ProfileFault } from './parse-profile.ts'
import type { SeccompProfile } from './profile.ts'
import { findRuntime, type Runtime } from './runtime.ts'

/** A profile and what applies it; both were looked at before anything begins. */
export type Confinement = {
  readonly profile: SeccompProfile
  /** SHA-256 of the file. */
  readonly digest: string
  readonly runtime: Runtime
  readonly machine: 'x86_64' | 'aarch64'
}

/** Throws {@link CliError} where the profile is not to be understood, or nothing here can apply it. */
export function readConfinement(
  path: string,
  { cwd, env }: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
): Confinement {
  return confinementOf(readBytes(resolve(cwd, path)), { name: path, env })
}

/** As above, of the text of a profile; `name` is what messages call it. */
export function confinementOf(
  bytes: Buffer,
  { name, env }: { readonly name: string; readonly env: NodeJS.ProcessEnv },
): Confinement {
  const machine = machineOf()
  if (machine === undefined) throw new CliError('usage', `${name}: not on ${process.platform}, ${arch()}`)
  try {
    const profile = parseProfile(bytes.toString('utf8'), {
      architecture: machine,
      kernel: release(),
      capabilities: readOwnProcess().effective,
    })
    return { profile, digest: hash('sha256', bytes, 'hex'), runtime: findRuntime(env), machine }
  } catch (fault) {
    if (fault instanceof ProfileFault) throw new CliError('usage', `${name}: ${fault.message}`, { cause: fault })
    throw fault
  }
}

function readBytes(file: string): Buffer {
  try {
    const bytes = readFileSync(file)
    if (bytes.length <= SECCOMP_PROFILE_BYTES) return bytes
  } catch (error) {
    throw new CliError('usage', `--seccomp: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    })
  }
  throw new CliError('usage', `${file}: a profile has at most ${SECCOMP_PROFILE_BYTES} bytes`)
}

function machineOf(): Confinement['machine'] | undefined {
  if (process.platform !== 'linux') return undefined
  const name = arch()
  return name === 'x64' ? 'x86_64' : name === 'arm64' ? 'aarch64' : undefined
}
