import { existsSync, readFileSync } from 'node:fs'
import { cgroupMount } from './cgroup/cgroup-tree.ts'

/** Why no sensor can run here, and what would let it. */
export type Obstacle = {
  readonly id: 'linux' | 'root' | 'btf' | 'cgroup2' | 'loader'
  readonly detail: string
  readonly remedy: string
}

const BUILD_PACKAGES = 'clang llvm libbpf-dev bpftool libelf-dev zlib1g-dev gcc make'

/** All that is in the way on this machine, for this user. Empty where a sensor can be started. */
export function sensorObstacles(loader: string): readonly Obstacle[] {
  if (process.platform !== 'linux') {
    return [{ id: 'linux', detail: `${process.platform} has no eBPF`, remedy: 'run the agent on Linux 6.1 or later' }]
  }
  const found: Obstacle[] = []
  if (process.getuid?.() !== 0) {
    found.push({
      id: 'root',
      detail: `user ${process.getuid?.() ?? 'unknown'} may not load kernel programs`,
      remedy: 'start the server as root: `sudo npm start`, or `sudo holdfast up`',
    })
  }
  if (!existsSync('/sys/kernel/btf/vmlinux')) {
    found.push({
      id: 'btf',
      detail: 'the kernel does not describe its types (no /sys/kernel/btf/vmlinux)',
      remedy:
        'boot a kernel built with CONFIG_DEBUG_INFO_BTF=y (every current distribution kernel is), with /sys mounted',
    })
  }
  if (mountOrNone() === undefined) {
    found.push({
      id: 'cgroup2',
      detail: 'no cgroup v2 hierarchy is mounted',
      remedy:
        '`mkdir -p /sys/fs/cgroup/unified && mount -t cgroup2 none /sys/fs/cgroup/unified`, or boot with systemd.unified_cgroup_hierarchy=1',
    })
  }
  if (!existsSync(loader)) {
    found.push({
      id: 'loader',
      detail: `the kernel programs are not built (no ${loader})`,
      remedy: `\`apt-get install ${BUILD_PACKAGES} && node sensor/build.js\``,
    })
  }
  return found
}

function mountOrNone(): string | undefined {
  try {
    return cgroupMount(readFileSync('/proc/self/mounts', 'utf8'))
  } catch {
    // Without /proc there is no telling; whoever hides it hides the hierarchy too.
    return undefined
  }
}
