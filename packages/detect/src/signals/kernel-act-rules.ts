import type { KernelAction } from '@holdfast/model'
import type { Finding } from './findings.ts'
import { quoted } from './findings.ts'
import { mountOf, ptraceRequest, targetPid, wantedUser } from './kernel-details.ts'
import type { KernelAct } from './kernel-details.ts'
import type { ProcessState } from './process-trees.ts'

/** What else is known where an act is judged. */
export type Around = {
  readonly process: ProcessState | undefined
  /** Whether a pid is of a process of this agent, as the host counts. */
  readonly isOwnPid: (pid: string) => boolean
  /** The process, or a child of it, puts another root in place of its own later on. */
  readonly changesRoot: boolean
  /** And does so in a mount namespace of its own: it builds a sandbox. */
  readonly buildsSandbox: boolean
  /** The process, or a child of it, runs another program afterwards. */
  readonly runsProgramAfter: boolean
}

/** What a rule answers; surface and type are those of an escape unless said. */
export type Rule = Pick<Finding, 'detector' | 'key' | 'strength' | 'words'> & Partial<Pick<Finding, 'surface'>>

/**
 * What one act of the kernel says of an escape; undefined where it says nothing. An act inside of a user namespace that
 * the tree itself made reaches nothing outside, so sandboxes of build tools and browsers are silent here.
 */
export function actRule(body: KernelAct, around: Around): Rule | undefined {
  const rule = RULES[body.action]?.(body, around)
  if (rule === undefined || body.result >= 0) return rule
  return { ...rule, strength: attempted(rule.strength), words: `${rule.words}; the kernel refused it` }
}

/** A refused attempt harmed nothing, and nobody tries it by accident. */
function attempted(strength: number): number {
  return Math.round(strength * 80) / 100
}

type Judge = (body: KernelAct, around: Around) => Rule | undefined

const RULES: Readonly<Partial<Record<KernelAction, Judge>>> = {
  setns: namespaceEntry,
  unshare: namespaceLeft,
  'clone-ns': namespaceLeft,
  mount,
  'pivot-root': (body, around) =>
    isInside(around) || around.process?.hasOwnMounts === true
      ? undefined
      : rule('root-change', body, 0.7, 'put another root in place of its own outside of a namespace that it made'),
  chroot,
  ptrace,
  'process-vm': (body, around) => {
    if (!reachesOut(body, around)) return undefined
    const isWrite = body.details['direction'] !== 'read'
    const strength = sure(body, around, isWrite ? 0.85 : 0.6)
    return rule('foreign-memory', body, strength, `${isWrite ? 'wrote' : 'read'} the memory of ${quoted(body.target)}`)
  },
  capability,
  'set-id': becameRoot,
  bpf: (body) =>
    /PROG_LOAD|PROG_ATTACH|LINK_CREATE|bpf_check|bpf_prog_load/.test(`${body.target} ${hookOf(body)}`)
      ? rule('bpf-load', body, 0.75, 'loaded a program into the kernel, which sees and changes what all processes do')
      : undefined,
  module: moduleLoad,
  keyctl: (body) =>
    /READ|SEARCH|GET_KEYRING_ID|GET_PERSISTENT/.test(body.target)
      ? rule('keyring', body, 0.3, 'asked for keys that the kernel holds for the session')
      : undefined,
  'io-uring': (body) =>
    SECRET.test(body.target)
      ? rule(
          'io-uring-secret',
          body,
          0.75,
          `opened ${quoted(body.target)} through an io_uring, where watchers of calls see nothing`,
        )
      : undefined,
  'cgroup-move': (body, around) =>
    isInside(around)
      ? undefined
      : rule('cgroup-move', body, 0.7, 'moved itself into another cgroup, out of the limits and watchers of its own'),
  'raw-socket': rawSocket,
  'foreign-arch': (body) =>
    rule(
      'foreign-calls',
      body,
      0.55,
      `called the kernel as ${quoted(body.target)}, past filters that know the machine’s own`,
    ),
}

function rule(name: string, { target }: KernelAct, strength: number, words: string): Rule {
  return { detector: `kernel/${name}`, key: target, strength, words }
}

function isInside({ process }: Around): boolean {
  return process?.hasOwnUsers === true
}

/** Tracers of their own children are debuggers; in a pid namespace the child's number is not the host's. */
function hasChildren({ process }: Around): boolean {
  return (process?.children ?? 0) > 0
}

function flagsOf({ details, target }: KernelAct): string {
  return details['flags'] ?? target
}

function hookOf({ details }: KernelAct): string {
  return details['hook'] ?? details['call'] ?? ''
}

function namespaceEntry(body: KernelAct, around: Around): Rule | undefined {
  if (isInside(around)) return undefined
  const flags = flagsOf(body)
  // Network alone is what tools for routing do, where somebody gave them the capability.
  const isNetworkAlone = flags === 'CLONE_NEWNET'
  return {
    ...rule(
      'namespace-entry',
      body,
      isNetworkAlone ? 0.6 : 0.9,
      `entered namespaces that it did not make (${quoted(flags)})`,
    ),
    key: flags,
  }
}

function namespaceLeft(body: KernelAct, around: Around): Rule | undefined {
  if (isInside(around) && !/CLONE_NEWUSER/.test(flagsOf(body))) return undefined
  const flags = flagsOf(body)
  if (/CLONE_NEWUSER/.test(flags)) {
    if (around.changesRoot || around.runsProgramAfter) return undefined
    return rule(
      'user-namespace',
      body,
      0.35,
      'became root of a user namespace and went on itself, where sandboxes run a program',
    )
  }
  return /CLONE_NEWNET/.test(flags) && !around.changesRoot
    ? rule('network-left', body, 0.55, 'left the network namespace that it was put into, with a capability of the host')
    : undefined
}

const BLOCK_DEVICE = /^\/dev\/(sd|nvme|vd|xvd|dm-|mapper\/|mmcblk|md)/
const HOST_PATH = /^\/(proc\/1\/root|host|rootfs|var\/lib\/(docker|kubelet|containerd)|run\/containerd)(\/|$)/
const KERNEL_TYPES: ReadonlySet<string> = new Set(['cgroup', 'cgroup2', 'debugfs', 'tracefs', 'securityfs', 'bpf'])

function mount(body: KernelAct, around: Around): Rule | undefined {
  const { source, target, type, flags } = mountOf(body)
  const words = `mounted ${quoted(source || type)} on ${quoted(target)}`
  if (isInside(around)) return undefined
  if (BLOCK_DEVICE.test(source)) return rule('host-mount', body, 0.9, `${words}, a disk of the host`)
  if (around.buildsSandbox) return undefined
  if (KERNEL_TYPES.has(type)) return rule('kernel-mount', body, 0.6, `${words}, a door to the kernel’s own settings`)
  const isBind = flags.includes('MS_BIND')
  if (flags.includes('MS_REMOUNT')) {
    if (flags.includes('MS_RDONLY') || !/^\/(proc|sys|$)/.test(target)) return undefined
    return rule('remount', body, 0.65, `made ${quoted(target)} writable again`)
  }
  if (isBind && (source === '/' || HOST_PATH.test(source)))
    return rule('host-mount', body, 0.75, `${words}, which shows the host’s files in a folder`)
  // Propagation and unmounting come by the same call and bring nothing in.
  if (/MS_(PRIVATE|SLAVE|SHARED|UNBINDABLE)/.test(flags) || (source === '' && type === '')) return undefined
  return around.process?.hasOwnMounts === true
    ? rule('namespace-mount', body, 0.55, `${words} in a mount namespace of its own, without users of its own`)
    : rule('mount', body, 0.4, `${words}, with a capability that agents do not need`)
}

function chroot(body: KernelAct, around: Around): Rule | undefined {
  if (isInside(around)) return undefined
  const words = `changed its root to ${quoted(body.target)}`
  if ((around.process?.chroots ?? 0) > 0 && body.result >= 0)
    return rule('root-break', body, 0.75, `${words} a second time, as who leaves a root does`)
  if (/^\/\.?$/.test(body.target) || HOST_PATH.test(body.target) || /\/proc\/\d+\/root/.test(body.target))
    return rule('root-change', body, 0.6, words)
  return rule('chroot', body, 0.3, words)
}

function ptrace(body: KernelAct, around: Around): Rule | undefined {
  const request = ptraceRequest(body)
  if (request !== '' && !/ATTACH|SEIZE|POKE|SETREGS/.test(request)) return undefined
  if (!reachesOut(body, around)) return undefined
  return rule('ptrace', body, sure(body, around, 0.85), `took hold of ${quoted(body.target)}, which is no child of it`)
}

/** The target is named, and is no process of this agent; others' sensors may not name it. */
function reachesOut(body: KernelAct, { isOwnPid }: Around): boolean {
  const pid = targetPid(body)
  return pid === undefined ? body.target === '' || isForeignSensor(body) : pid !== '0' && !isOwnPid(pid)
}

function isForeignSensor({ details }: KernelAct): boolean {
  return details['hook'] !== undefined || details['call'] !== undefined
}

/** How sure it is that a process of somebody else was meant. */
function sure(body: KernelAct, around: Around, strength: number): number {
  return hasChildren(around) ? 0.4 : targetPid(body) === undefined ? 0.5 : strength
}

/** Capabilities that ordinary programs never touch, root or not; the others are asked for all day. */
const RARE: ReadonlyMap<string, string> = new Map([
  ['CAP_MKNOD', 'making a device node'],
  ['CAP_SYS_MODULE', 'loading kernel code'],
  ['CAP_SYS_RAWIO', 'reaching memory and ports of the machine'],
  ['CAP_SYS_BOOT', 'starting another kernel'],
  ['CAP_MAC_ADMIN', 'changing the mandatory access rules'],
  ['CAP_MAC_OVERRIDE', 'passing over the mandatory access rules'],
])

function capability(body: KernelAct, around: Around): Rule | undefined {
  const use = RARE.get(body.target)
  if (use === undefined || isInside(around) || body.details['verdict'] === 'denied') return undefined
  return rule('rare-capability', body, 0.6, `used ${body.target}, for ${use}`)
}

/** Programs that become another user by a file's own right, and exist for it. */
const CHANGES_USER =
  /^\/(usr\/)?(local\/)?s?bin\/(su|sudo|doas|pkexec|newgrp|newuidmap|newgidmap|passwd|chsh|mount|umount|cron|login|sshd|fusermount3?)$/

function becameRoot(body: KernelAct, around: Around): Rule | undefined {
  const { process } = around
  if (wantedUser(body) !== '0' || body.result < 0 || isInside(around)) return undefined
  // A process whose users are not known may be root all along.
  if (process?.uid === undefined || process.uid === 0 || CHANGES_USER.test(process.binary)) return undefined
  return rule('became-root', body, 0.75, `became root from user ${process.uid}, without a program that is made for it`)
}

/** The kernel's own helper and the distribution's own folder: modules that a mount or a protocol asks for. */
const STOCK_MODULE = /^\/(usr\/)?lib\/modules\//

function moduleLoad(body: KernelAct): Rule | undefined {
  const hook = hookOf(body)
  if (/module_request|module_sections|free_module|delete_module/.test(hook)) return undefined
  if (/kernel_read_file/.test(hook) && STOCK_MODULE.test(body.target)) return undefined
  return rule('module-load', body, 0.85, `loaded kernel code ${quoted(body.target)}`)
}

function rawSocket(body: KernelAct, around: Around): Rule | undefined {
  if (isInside(around)) return undefined
  switch (body.target) {
    case 'AF_VSOCK':
      return rule('vsock', body, 0.6, 'opened a socket to the hypervisor')
    case 'AF_PACKET':
    case 'AF_XDP':
      return rule('raw-socket', body, 0.55, 'opened a socket below the network’s own rules')
    default:
      return rule('raw-socket', body, 0.3, `opened a raw socket (${body.target})`)
  }
}

const SECRET =
  /^\/(etc\/(shadow|gshadow|sudoers|kubernetes\/)|root\/\.(ssh|aws|kube)\/|(var\/)?run\/secrets\/|proc\/(sys\/kernel\/|kcore|\d+\/(mem|environ))|sys\/fs\/cgroup\/.*release_agent)/
