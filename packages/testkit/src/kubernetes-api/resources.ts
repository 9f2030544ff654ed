/** What the server serves, by the name of the resource. */
export const RESOURCES = {
  deployments: { group: 'apps', version: 'apps/v1', kind: 'Deployment', isNamespaced: true },
  statefulsets: { group: 'apps', version: 'apps/v1', kind: 'StatefulSet', isNamespaced: true },
  daemonsets: { group: 'apps', version: 'apps/v1', kind: 'DaemonSet', isNamespaced: true },
  replicasets: { group: 'apps', version: 'apps/v1', kind: 'ReplicaSet', isNamespaced: true },
  jobs: { group: 'batch', version: 'batch/v1', kind: 'Job', isNamespaced: true },
  cronjobs: { group: 'batch', version: 'batch/v1', kind: 'CronJob', isNamespaced: true },
  pods: { group: '', version: 'v1', kind: 'Pod', isNamespaced: true },
  services: { group: '', version: 'v1', kind: 'Service', isNamespaced: true },
  configmaps: { group: '', version: 'v1', kind: 'ConfigMap', isNamespaced: true },
  nodes: { group: '', version: 'v1', kind: 'Node', isNamespaced: false },
  namespaces: { group: '', version: 'v1', kind: 'Namespace', isNamespaced: false },
  networkpolicies: {
    group: 'networking.k8s.io',
    version: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    isNamespaced: true,
  },
  clusternetworkpolicies: {
    group: 'policy.networking.k8s.io',
    version: 'policy.networking.k8s.io/v1alpha2',
    kind: 'ClusterNetworkPolicy',
    isNamespaced: false,
  },
} as const

export type Resource = keyof typeof RESOURCES

export type Target = { readonly resource: Resource; readonly namespace?: string; readonly name?: string }

/** What a path names; undefined for a path that this API does not have. */
export function parseTarget(path: string): Target | undefined {
  const match =
    /^\/(?:api\/(?<core>v1)|apis\/(?<grouped>[a-z.0-9]+\/v1(?:alpha2)?))(?:\/namespaces\/(?<namespace>[^/]+))?\/(?<resource>[a-z]+)(?:\/(?<name>[^/]+))?$/.exec(
      path,
    )
  const { core, grouped, namespace, resource = '', name } = match?.groups ?? {}
  if (!isResource(resource) || RESOURCES[resource].version !== (core ?? grouped)) return undefined
  if (namespace !== undefined && !RESOURCES[resource].isNamespaced) return undefined
  return { resource, ...(namespace === undefined ? {} : { namespace }), ...(name === undefined ? {} : { name }) }
}

function isResource(text: string): text is Resource {
  return Object.hasOwn(RESOURCES, text)
}
