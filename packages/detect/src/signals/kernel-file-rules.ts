import { sensitivePathName } from '@holdfast/model'
import type { Event, KernelBody } from '@holdfast/model'
import { quoted } from './findings.ts'
import type { Around, Rule } from './kernel-act-rules.ts'
import type { ProcessState } from './process-trees.ts'
import { lineage } from './process-trees.ts'

type FileBody = Extract<KernelBody<unknown>, { readonly kind: 'file' }>

/** Settings of the kernel by which it runs a program of the writer's choice, outside of any container. */
const KERNEL_DOORS: ReadonlySet<string> = new Set([
  'cgroup release agent',
  'core dump handler',
  'module loader path',
  'hotplug handler',
  'binary format handler',
])

const HOST_DOORS: ReadonlySet<string> = new Set([
  'kernel memory',
  'host disk',
  'kernel trigger',
  'kernel tracing',
  'node credentials',
])

const PLANTED: ReadonlySet<string> = new Set([
  'preloaded library list',
  'scheduled job',
  'sudo rules',
  'SSH keys of root',
])

/** What is read where a secret is; each is an ordinary act of some program, so it colours a chain and makes none. */
const SECRETS: ReadonlyMap<string, number> = new Map([
  ['service-account token', 0.3],
  ['cloud identity token', 0.3],
  ['mounted secret', 0.2],
  ['password hashes', 0.6],
  ['SSH keys of root', 0.35],
  ['SSH private key', 0.35],
  ['cloud credentials of root', 0.35],
  ['cloud credentials', 0.35],
  ['cluster credentials of root', 0.35],
  ['cluster credentials', 0.35],
  ['node credentials', 0.7],
])

/** Programs that ask for passwords and are made to read their hashes. */
const READS_HASHES =
  /^\/(usr\/)?s?bin\/(su|sudo|doas|login|passwd|chpasswd|sshd|unix_chkpwd|useradd|usermod|userdel|groupadd|groupmod|adduser|pwck|pwconv|chage|cron|newgrp|getent)$/

/** Who installs packages sets such bits for the package's author. */
const INSTALLS = /^\/(usr\/)?s?bin\/(dpkg|dpkg-deb|apt|apt-get|rpm|dnf|yum|microdnf|apk|pacman|zypper)$/

/** What one file's opening or change says of an escape. Reads of a secret are told by {@link isSecretRead} too. */
export function fileRule(body: FileBody, around: Around): Rule | undefined {
  const name = sensitivePathName(body.path) ?? (body.to === undefined ? undefined : sensitivePathName(body.to))
  const isRead = body.action === 'read'
  const path = quoted(body.path)
  if (body.action === 'set-capability') return setBits(body, around)
  if (around.process?.hasOwnUsers === true) return undefined
  if (name === undefined) return elsewhere(body, around)
  if (!isRead && KERNEL_DOORS.has(name))
    return rule('kernel-handler', body, 0.9, `wrote ${path} (${name}): the kernel runs what stands there, on the host`)
  if (HOST_DOORS.has(name) && (name !== 'node credentials' || !isRead))
    return rule('host-door', body, isRead ? 0.6 : 0.85, `${isRead ? 'opened' : 'wrote'} ${path} (${name})`)
  if (!isRead && PLANTED.has(name))
    return rule('planted', body, 0.6, `wrote ${path} (${name}), which others run or trust`)
  if (/^(memory|environment|root|namespaces) of/.test(name)) return otherProcess(body, name, around)
  const strength = SECRETS.get(name)
  if (!isRead || strength === undefined || body.result < 0) return elsewhere(body, around)
  if (name === 'password hashes' && READS_HASHES.test(around.process?.binary ?? '')) return undefined
  return { ...rule('secret-read', body, strength, `read ${path} (${name})`), key: name, surface: 'S3' }
}

/** What is known beside the kernel's own words: other agents at a path, and what this one wrote before. */
type Neighbours = {
  readonly othersAt?: (path: string) => readonly string[]
  readonly knowsWrite?: (write: Event) => boolean
}

/** A file put where another agent reads its own, by one that never did: a shared volume is a door between containers. */
export function sharedFileRule(event: Event, body: FileBody, { othersAt, knowsWrite }: Neighbours): Rule | undefined {
  const path = body.to ?? body.path
  if (body.action === 'read' || body.action === 'unlink' || body.result < 0) return undefined
  if (othersAt === undefined || knowsWrite?.(event) !== false) return undefined
  const [other, ...more] = othersAt(path)
  if (other === undefined) return undefined
  const who = more.length === 0 ? quoted(other) : `${quoted(other)} and ${more.length} more`
  return rule('shared-file', body, 0.6, `wrote ${quoted(path)} for the first time, in a folder whose files ${who} uses`)
}

/** A credential that lets its holder act elsewhere. */
export function isSecretRead({ action, path, result }: FileBody): boolean {
  return action === 'read' && result >= 0 && SECRETS.has(sensitivePathName(path) ?? '')
}

function rule(name: string, { path, result }: FileBody, strength: number, words: string): Rule {
  const isRefused = result < 0
  return {
    detector: `kernel/${name}`,
    key: path,
    strength: isRefused ? Math.round(strength * 80) / 100 : strength,
    words: isRefused ? `${words}; the kernel refused it` : words,
  }
}

/** Files below /proc and /sys belong to no container: the sensor marks them as foreign wherever a sandbox is built. */
function elsewhere(body: FileBody, { process }: Around): Rule | undefined {
  const isKernels = /^\/(proc|sys|dev)\//.test(body.path)
  if (body.isForeign && body.action !== 'read' && !isKernels)
    return rule('foreign-file', body, 0.85, `wrote ${quoted(body.path)}, a file of another container`)
  // A folder of the cgroup tree, opened as a folder: what a child is born into, or moved to.
  if (/^\/sys\/fs\/cgroup\/.*\/cgroup\.(procs|threads)$/.test(body.path) && body.action !== 'read')
    return rule('cgroup-move', body, 0.45, `wrote ${quoted(body.path)}, which moves processes between cgroups`)
  if (
    isFolder(body) &&
    body.path.startsWith('/sys/fs/cgroup/') &&
    !/\/(find|ls|systemd-cgls|systemd)$/.test(process?.binary ?? '')
  )
    return rule(
      'cgroup-folder',
      body,
      0.3,
      `opened the cgroup ${quoted(body.path)} itself, as who starts a child there does`,
    )
  return /^\/(tmp|var\/tmp|dev\/shm)\/.*\.so(\.\d+)*$/.test(body.path) && body.action === 'read'
    ? rule('planted-library', body, 0.3, `loaded ${quoted(body.path)} from a folder that all may write`)
    : undefined
}

/** O_DIRECTORY of x86-64; arm64 numbers it otherwise, and is told by the paths alone. */
function isFolder({ flags, action }: FileBody): boolean {
  return action === 'read' && (flags & 0o200000) !== 0
}

/** Who lists processes looks into all of them. */
const LISTS_PROCESSES = /^\/(usr\/)?s?bin\/(ps|top|htop|pgrep|pkill|pidof|lsof|lsns|fuser|busybox)$/

function otherProcess(body: FileBody, name: string, { process, isOwnPid }: Around): Rule | undefined {
  const pid = /^\/proc\/(\d{1,10})\//.exec(body.path)?.[1]
  // Without a pid it is the process itself, or a thread of it.
  if (pid === undefined || isOwnPid(pid)) return undefined
  const hasChildren = (process?.children ?? 0) > 0
  if (name === 'memory of a process' && body.action !== 'read')
    return rule(
      'foreign-memory',
      body,
      hasChildren ? 0.4 : 0.85,
      `wrote ${quoted(body.path)}, memory of another process`,
    )
  if (name === 'root of another process') return rule('foreign-root', body, 0.8, `went through ${quoted(body.path)}`)
  if (name === 'memory of a process') return rule('foreign-memory', body, 0.5, `opened ${quoted(body.path)}`)
  if (LISTS_PROCESSES.test(process?.binary ?? '')) return undefined
  return { ...rule('other-process', body, 0.3, `looked into ${quoted(body.path)} (${name})`), key: name }
}

function setBits(body: FileBody, { process }: Around): Rule | undefined {
  if (process !== undefined && lineage(process).some(({ binary }: ProcessState) => INSTALLS.test(binary)))
    return undefined
  return rule('set-id-file', body, 0.6, `gave ${quoted(body.path)} rights beyond those of who runs it`)
}
