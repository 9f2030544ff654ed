/** What the path of a cgroup says about the container it belongs to. */
export type Container = {
  readonly id: string
  readonly runtime:
    | 'docker'
    | 'containerd'
    | 'cri-o'
    | 'podman'
    | 'runc'
    | 'crun'
    | 'lxc'
    | 'systemd-nspawn'
    | 'unknown'
  /** Uid of the pod, as Kubernetes has it. */
  readonly podUid?: string
}

const ID = '[0-9a-f]{64}'

/** Names that the runtimes give, innermost folder first. `docker-ID.scope` is the systemd driver, `docker/ID` cgroupfs. */
const SHAPES: readonly (readonly [runtime: Container['runtime'], pattern: RegExp])[] = [
  ['docker', new RegExp(`^docker-(${ID})\\.scope$`)],
  ['containerd', new RegExp(`^cri-containerd-(${ID})\\.scope$`)],
  ['cri-o', new RegExp(`^crio-(${ID})(?:\\.scope)?$`)],
  ['podman', new RegExp(`^libpod-(?:payload-)?(${ID})(?:\\.scope)?$`)],
  ['runc', /^runc-([\w.+-]{1,128})\.scope$/],
  ['crun', /^crun-([\w.+-]{1,128})\.scope$/],
  ['lxc', /^lxc\.payload\.([\w.+-]{1,128})$/],
  ['systemd-nspawn', /^systemd-nspawn@([\w.+-]{1,128})\.service$/],
]

/**
 * The container that a cgroup belongs to, by the shapes of docker, containerd, CRI-O, podman, runc, crun, LXC and
 * systemd-nspawn. The innermost wins, so that a container inside a container is itself. Undefined for what is none, the
 * monitors beside containers (conmon) included.
 */
export function containerOf(path: string): Container | undefined {
  const folders = path.split('/').filter((folder) => folder !== '')
  const podUid = podUidOf(folders)
  for (let i = folders.length - 1; i >= 0; i -= 1) {
    const folder = folders[i] ?? ''
    for (const [runtime, pattern] of SHAPES) {
      const [, id] = pattern.exec(folder) ?? []
      if (id !== undefined) return { id, runtime, ...(podUid === undefined ? {} : { podUid }) }
    }
    if (!new RegExp(`^${ID}$`).test(folder)) continue
    return { id: folder, runtime: runtimeOfParent(folders[i - 1]), ...(podUid === undefined ? {} : { podUid }) }
  }
  return undefined
}

function runtimeOfParent(parent: string | undefined): Container['runtime'] {
  if (parent === 'docker') return 'docker'
  if (parent === 'libpod_parent') return 'podman'
  return parent !== undefined && /^pod[0-9a-f-]{36}$/.test(parent) ? 'containerd' : 'unknown'
}

/** `kubepods-burstable-pod11112222_3333_....slice` with the systemd driver, `pod11112222-3333-...` with cgroupfs. */
function podUidOf(folders: readonly string[]): string | undefined {
  for (const folder of folders.toReversed()) {
    const [, systemd] = /^kubepods(?:-besteffort|-burstable)?-pod([0-9a-f_]{32,36})\.slice$/.exec(folder) ?? []
    if (systemd !== undefined) return systemd.replaceAll('_', '-')
    const [, plain] = /^pod([0-9a-f]{32}|[0-9a-f-]{36})$/.exec(folder) ?? []
    if (plain !== undefined) return plain
  }
  return undefined
}
