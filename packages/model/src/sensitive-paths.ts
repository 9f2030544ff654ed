/**
 * Files that matter when an agent touches them: secrets, and doors out of a container. One list for both sides: the
 * sensor's driver fills the kernel's map of path prefixes from it, and events are named by it.
 */
export type SensitivePath = {
  /** What the file is, in a few words that a person reads. */
  readonly name: string
  /** Paths that begin so are it. Absolute; what the kernel compares. */
  readonly prefix: string
  /** And end so, where the part between is any one name (`/proc/<pid>/mem`). */
  readonly suffix?: string
}

export const SENSITIVE_PATHS: readonly SensitivePath[] = [
  { name: 'service-account token', prefix: '/var/run/secrets/kubernetes.io/' },
  { name: 'service-account token', prefix: '/run/secrets/kubernetes.io/' },
  { name: 'cloud identity token', prefix: '/var/run/secrets/eks.amazonaws.com/' },
  { name: 'cloud identity token', prefix: '/var/run/secrets/azure/' },
  { name: 'mounted secret', prefix: '/run/secrets/' },
  { name: 'container engine socket', prefix: '/var/run/docker.sock' },
  { name: 'container engine socket', prefix: '/run/docker.sock' },
  { name: 'container engine socket', prefix: '/run/containerd/containerd.sock' },
  { name: 'container engine socket', prefix: '/run/crio/crio.sock' },
  { name: 'container engine socket', prefix: '/run/podman/podman.sock' },
  { name: 'password hashes', prefix: '/etc/shadow' },
  { name: 'password hashes', prefix: '/etc/gshadow' },
  { name: 'sudo rules', prefix: '/etc/sudoers' },
  { name: 'preloaded library list', prefix: '/etc/ld.so.preload' },
  { name: 'scheduled job', prefix: '/etc/cron' },
  { name: 'scheduled job', prefix: '/var/spool/cron/' },
  { name: 'SSH keys of root', prefix: '/root/.ssh/' },
  { name: 'cloud credentials of root', prefix: '/root/.aws/' },
  { name: 'cloud credentials of root', prefix: '/root/.config/gcloud/' },
  { name: 'cluster credentials of root', prefix: '/root/.kube/' },
  { name: 'node credentials', prefix: '/etc/kubernetes/' },
  { name: 'node credentials', prefix: '/var/lib/kubelet/' },
  { name: 'core dump handler', prefix: '/proc/sys/kernel/core_pattern' },
  { name: 'module loader path', prefix: '/proc/sys/kernel/modprobe' },
  { name: 'hotplug handler', prefix: '/sys/kernel/uevent_helper' },
  { name: 'binary format handler', prefix: '/proc/sys/fs/binfmt_misc/' },
  { name: 'kernel trigger', prefix: '/proc/sysrq-trigger' },
  { name: 'kernel memory', prefix: '/proc/kcore' },
  { name: 'kernel memory', prefix: '/dev/mem' },
  { name: 'kernel memory', prefix: '/dev/kmem' },
  { name: 'kernel messages', prefix: '/dev/kmsg' },
  { name: 'host disk', prefix: '/dev/sd' },
  { name: 'host disk', prefix: '/dev/nvme' },
  { name: 'host disk', prefix: '/dev/vd' },
  { name: 'host disk', prefix: '/dev/dm-' },
  { name: 'kernel tracing', prefix: '/sys/kernel/debug/' },
  { name: 'kernel tracing', prefix: '/sys/kernel/tracing/' },
  { name: 'cgroup release agent', prefix: '/sys/fs/cgroup/', suffix: '/release_agent' },
  { name: 'memory of a process', prefix: '/proc/', suffix: '/mem' },
  { name: 'environment of a process', prefix: '/proc/', suffix: '/environ' },
  { name: 'root of another process', prefix: '/proc/', suffix: '/root' },
  { name: 'namespaces of a process', prefix: '/proc/', suffix: '/ns' },
]

/** Ends of a path that tell by themselves, wherever the file is: homes and mounts have any name. */
const SENSITIVE_ENDS: readonly { readonly name: string; readonly pattern: RegExp }[] = [
  { name: 'cgroup release agent', pattern: /\/release_agent$/ },
  { name: 'container engine socket', pattern: /\/(docker|containerd|crio|podman)\.sock$/ },
  { name: 'SSH private key', pattern: /\/\.ssh\/id_[a-z0-9]{1,16}$/ },
  { name: 'cloud credentials', pattern: /\/(\.aws\/credentials|application_default_credentials\.json)$/ },
  { name: 'cluster credentials', pattern: /\/\.kube\/config$/ },
]

/** Keys that stand in homes, by the prefix that the kernel compares there. */
const HOME_SECRETS: readonly string[] = ['.ssh/id_', '.aws/', '.kube/', '.config/gcloud/']

/**
 * What the kernel is to compare with the path of every file that is opened: absolute, where `*` below /proc and /home is any
 * one folder. Left out is what would hold for half a file system; files that are written are told in any case.
 */
export function sensitivePrefixes(): readonly string[] {
  const named = SENSITIVE_PATHS.flatMap(({ prefix, suffix }) =>
    suffix === undefined ? [prefix] : prefix === '/proc/' ? [`/proc/*${suffix}`] : [],
  )
  return [...named, ...HOME_SECRETS.map((secret) => `/home/*/${secret}`)]
}

/** What a path is where it is sensitive, by the first line of the list that it meets. Linear in the path. */
export function sensitivePathName(path: string): string | undefined {
  for (const { name, prefix, suffix } of SENSITIVE_PATHS) {
    if (!path.startsWith(prefix)) continue
    if (suffix === undefined) return name
    const rest = path.slice(prefix.length)
    // One name between them: `/proc/self/mem`, `/proc/self/root/etc`; a thread's own folder lies one level deeper.
    const own = rest.replace(/\/task\/[^/]{1,20}(?=\/)/, '')
    const second = own.indexOf('/')
    if (second > 0 && (own.slice(second) === suffix || own.slice(second).startsWith(`${suffix}/`))) return name
  }
  return SENSITIVE_ENDS.find(({ pattern }) => pattern.test(path))?.name
}
