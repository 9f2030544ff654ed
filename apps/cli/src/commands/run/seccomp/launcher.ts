import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readOwnProcess } from './own-process.ts'
import type { SeccompProfile } from './profile.ts'
import type { Runtime } from './runtime.ts'

export type LaunchOptions = {
  readonly runtime: Runtime
  readonly profile: SeccompProfile
  /** Names the container to the runtime. */
  readonly id: string
  /** The program's own path first. */
  readonly command: readonly string[]
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  /** Folder of the cgroup that the program is to live in. */
  readonly cgroup: string | undefined
}

/** A program as a runtime starts it under a profile. */
export type Launch = {
  /** What to run in place of the program: it ends as the program does. */
  readonly command: readonly string[]
  /** Why the runtime did not start the program; undefined where it did. */
  readonly failure: () => string | undefined
  readonly remove: () => void
}

/**
 * Writes the bundle: the machine's own root, namespaces, account and capabilities, so that the profile and a mount
 * namespace are the only differences to a program that is run without.
 */
export function prepareLaunch(options: LaunchOptions): Launch {
  const { runtime, id } = options
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-launch-'))
  const log = join(folder, 'log')
  writeFileSync(join(folder, 'config.json'), JSON.stringify(configOf(options)), { mode: 0o600 })
  const state = ['--root', join(folder, 'state'), '--log', log, '--log-format', 'json']
  return {
    command: [...runtime.command, ...state, 'run', '--bundle', folder, id],
    failure: () => failureIn(log),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

/** The runtime hands a hook its state, with the pid of what is to become the program. */
const JOIN = `sed -n 's/.*"pid": *\\([0-9][0-9]*\\).*/\\1/p' > "$1"`

function configOf({ profile, id, command, cwd, env, cgroup }: LaunchOptions): object {
  const { noNewPrivileges, ...capabilities } = readOwnProcess()
  const groups = process.getgroups?.() ?? []
  return {
    ociVersion: '1.0.2',
    root: { path: '/', readonly: false },
    process: {
      terminal: false,
      user: {
        uid: process.getuid?.() ?? 0,
        gid: process.getgid?.() ?? 0,
        umask: process.umask(),
        ...(groups.length === 0 ? {} : { additionalGids: groups }),
      },
      args: command,
      env: Object.entries(env).map(([name, value]) => `${name}=${value}`),
      cwd,
      capabilities,
      noNewPrivileges,
    },
    // Runtimes put devices and links into a /dev that no mount is asked for.
    mounts: [{ destination: '/dev', type: 'bind', source: '/dev', options: ['rbind'] }],
    ...(cgroup === undefined ? {} : { hooks: { createRuntime: [hookOf(cgroup)] } }),
    linux: {
      namespaces: [],
      // runc makes a cgroup below the caller's in each hierarchy of version 1, and takes devices away there by default.
      cgroupsPath: id,
      resources: { devices: [{ allow: true, access: 'rwm' }] },
      seccomp: profile,
    },
  }
}

function hookOf(cgroup: string): object {
  return {
    path: '/bin/sh',
    args: ['sh', '-c', JOIN, 'holdfast', join(cgroup, 'cgroup.procs')],
    env: ['PATH=/usr/bin:/bin'],
  }
}

/** Errors that a runtime logged: one JSON object a line. */
function failureIn(log: string): string | undefined {
  let text = ''
  try {
    text = readFileSync(log, 'utf8')
  } catch {
    // Nothing was logged.
    return undefined
  }
  const errors = text.split('\n').flatMap((line) => {
    try {
      const entry = JSON.parse(line) as { readonly level?: unknown; readonly msg?: unknown }
      return entry.level === 'error' ? [String(entry.msg)] : []
    } catch {
      // The last line of a runtime that was killed may be cut.
      return []
    }
  })
  return errors.length === 0 ? undefined : errors.join('; ')
}
