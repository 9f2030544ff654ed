import { statedAttributes, type Environment } from '@holdfast/proxy'

/** A Deployment, as resource attributes name it. */
export type Workload = { readonly name: string; readonly namespace?: string; readonly cluster?: string }

/** A CronJob's pods also name the Job of the moment, so the CronJob comes first. */
const KINDS = ['deployment', 'statefulset', 'daemonset', 'cronjob', 'job'] as const

/**
 * The Deployment that the caller's OTEL_RESOURCE_ATTRIBUTES name: what the kernel sees of a run then stands under the same
 * agent as its telemetry. Undefined where they name none.
 */
export function workloadIn(env: Environment): Workload | undefined {
  const stated = statedAttributes(env)
  const set = (key: string): string | undefined => {
    const text = stated.get(key)?.slice(0, 256)
    return text === '' ? undefined : text
  }
  const name = KINDS.map((kind) => set(`k8s.${kind}.name`)).find((known) => known !== undefined)
  if (name === undefined) return undefined
  const namespace = set('k8s.namespace.name')
  const cluster = set('k8s.cluster.uid') ?? set('k8s.cluster.name')
  return {
    name,
    ...(namespace === undefined ? {} : { namespace }),
    ...(cluster === undefined ? {} : { cluster }),
  }
}
