import { accessSync, constants, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { CliError } from '../../../cli-error.ts'

/** A container runtime that applies the profile. */
export type Runtime = {
  /** Its program and options, up to its own command. */
  readonly command: readonly string[]
}

/** Folders that an account other than root may not have in its PATH. */
const SYSTEM = ['/usr/bin', '/usr/sbin', '/usr/local/bin', '/usr/local/sbin', '/bin', '/sbin']

/**
 * Runtimes mount the root over itself, for a program in the caller's mount namespace too: without one of its own every run
 * would double the mounts of the machine. What is mounted outside later still comes in.
 */
const OWN_MOUNTS = ['--mount', '--propagation', 'slave', '--']

/** The runtime of this machine that can leave the program in the caller's other namespaces. Throws {@link CliError}. */
export function findRuntime(env: NodeJS.ProcessEnv): Runtime {
  if (process.getuid?.() !== 0)
    throw new CliError('denied', 'a seccomp profile is applied by a container runtime, which needs root here')
  const find = (name: string): string | undefined =>
    [...(env['PATH'] ?? '').split(delimiter), ...SYSTEM]
      .filter((folder) => folder !== '')
      .map((folder) => join(folder, name))
      .find(isProgram)
  const unshare = find('unshare')
  if (unshare === undefined) throw lacking('there is no unshare here', 'util-linux')
  const crun = find('crun')
  const runc = find('runc')
  // crun makes no cgroup of its own when told so, but refuses to run beside cgroup v1.
  const isMixed = hasCgroupV1()
  if (crun !== undefined && !isMixed) return { command: [unshare, ...OWN_MOUNTS, crun, '--cgroup-manager=disabled'] }
  if (runc !== undefined) return { command: [unshare, ...OWN_MOUNTS, runc] }
  if (crun === undefined) throw lacking('there is neither crun nor runc here', isMixed ? 'runc' : 'crun')
  throw lacking('crun does not run where cgroup v1 is mounted too', 'runc')
}

function lacking(what: string, installs: string): CliError {
  const message = `a seccomp profile is applied by a container runtime, and ${what}`
  return new CliError('unavailable', message, { remedy: `apt-get install ${installs}` })
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    // Not there, or not ours to run.
    return false
  }
}

function hasCgroupV1(): boolean {
  return readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .some((line) => line.split(' ')[2] === 'cgroup')
}
