/** Kinds of workload, by the name of their resource, and which field of them ends what runs. */
export const WORKLOADS = {
  deployments: { kind: 'Deployment', group: 'apps', endsBy: 'replicas', hasRollout: true },
  statefulsets: { kind: 'StatefulSet', group: 'apps', endsBy: 'replicas', hasRollout: false },
  daemonsets: { kind: 'DaemonSet', group: 'apps', endsBy: undefined, hasRollout: false },
  cronjobs: { kind: 'CronJob', group: 'batch', endsBy: 'suspend', hasRollout: false },
  jobs: { kind: 'Job', group: 'batch', endsBy: 'suspend', hasRollout: false },
} as const

export type WorkloadResource = keyof typeof WORKLOADS

/** One object that is changed. As text it is the target of a step: `payments/deployments/refund-agent`, `nodes/worker-3`. */
export type ObjectRef =
  | { readonly resource: WorkloadResource; readonly namespace: string; readonly name: string }
  | { readonly resource: 'nodes'; readonly name: string }

export type WorkloadRef = Extract<ObjectRef, { namespace: string }>

/** A name that an API server would take. Names come from captured text and go into paths: no others do. */
export function isObjectName(text: string): boolean {
  return text.length <= 253 && /^[a-z0-9]([-.a-z0-9]*[a-z0-9])?$/.test(text)
}

export function refText(ref: ObjectRef): string {
  return ref.resource === 'nodes' ? `nodes/${ref.name}` : `${ref.namespace}/${ref.resource}/${ref.name}`
}

export function parseRef(text: string): ObjectRef | undefined {
  const parts = text.split('/')
  if (!parts.every(isObjectName)) return undefined
  const [first = '', second = '', third] = parts
  if (parts.length === 2 && first === 'nodes') return { resource: 'nodes', name: second }
  if (parts.length !== 3 || third === undefined || !isWorkloadResource(second)) return undefined
  return { resource: second, namespace: first, name: third }
}

export function isWorkloadResource(text: string): text is WorkloadResource {
  return Object.hasOwn(WORKLOADS, text)
}

export function listPath(resource: ObjectRef['resource'] | 'replicasets', namespace?: string): string {
  if (resource === 'nodes') return '/api/v1/nodes'
  const group = resource === 'replicasets' ? 'apps' : WORKLOADS[resource].group
  return `/apis/${group}/v1${namespace === undefined ? '' : `/namespaces/${namespace}`}/${resource}`
}

export function objectPath(ref: ObjectRef): string {
  return `${listPath(ref.resource, ref.resource === 'nodes' ? undefined : ref.namespace)}/${ref.name}`
}

export function typeOf(ref: ObjectRef): { readonly apiVersion: string; readonly kind: string } {
  return ref.resource === 'nodes'
    ? { apiVersion: 'v1', kind: 'Node' }
    : { apiVersion: `${WORKLOADS[ref.resource].group}/v1`, kind: WORKLOADS[ref.resource].kind }
}

export function podsPath(namespace: string): string {
  return `/api/v1/namespaces/${namespace}/pods`
}

export function policiesPath(namespace?: string): string {
  return `/apis/networking.k8s.io/v1${namespace === undefined ? '' : `/namespaces/${namespace}`}/networkpolicies`
}
