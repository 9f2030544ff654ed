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
const PLAIN_ID = new RegExp(`^${ID}$`)

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
 * systemd-nspawn. The innermost wins, so that a container inside a container is itself; but in a pod it is the container
 * that the kubelet made there, because whatever may make folders below can give them the names of another pod. Undefined
 * for what is none, the monitors beside containers (conmon) included.
 */
export function containerOf(path: string): Container | undefined {
  const folders = path.split('/').filter((folder) => folder !== '')
  const podAt = folders.findIndex((folder) => podUidOf(folder) !== undefined)
  const podUid = podUidOf(folders[podAt] ?? '')
  const containers = folders.slice(podAt + 1).flatMap((folder, i) => {
    const container = madeBy(folder, folders[podAt + i])
    return container === undefined ? [] : [container]
  })
  const container = podUid === undefined ? containers.at(-1) : containers[0]
  return container === undefined || podUid === undefined ? container : { ...container, podUid }
}

/** The container whose folder this is. */
function madeBy(folder: string, parent: string | undefined): Container | undefined {
  for (const [runtime, pattern] of SHAPES) {
    const [, id] = pattern.exec(folder) ?? []
    if (id !== undefined) return { id, runtime }
  }
  return PLAIN_ID.test(folder) ? { id: folder, runtime: runtimeOfParent(parent) } : undefined
}

function runtimeOfParent(parent: string | undefined): Container['runtime'] {
  if (parent === 'docker') return 'docker'
  if (parent === 'libpod_parent') return 'podman'
  return parent !== undefined && /^pod[0-9a-f-]{36}$/.test(parent) ? 'containerd' : 'unknown'
}

/** `kubepods-burstable-pod11112222_3333_....slice` with the systemd driver, `pod11112222-3333-...` with cgroupfs. */
function podUidOf(folder: string): string | undefined {
  const [, systemd] = /^kubepods(?:-besteffort|-burstable)?-pod([0-9a-f_]{32,36})\.slice$/.exec(folder) ?? []
  if (systemd !== undefined) return systemd.replaceAll('_', '-')
  return /^pod([0-9a-f]{32}|[0-9a-f-]{36})$/.exec(folder)?.[1]
}
