import { agentIdOf } from '@holdfast/model'
import type { AgentId, Deployment } from '@holdfast/model'

/** Resource attributes that say where an agent runs; the only ones that are read at ingest. */
export const IDENTITY_ATTRIBUTES: ReadonlySet<string> = new Set([
  'service.name',
  'host.name',
  'gen_ai.agent.name',
  'k8s.cluster.uid',
  'k8s.cluster.name',
  'k8s.namespace.name',
  'k8s.deployment.name',
  'k8s.statefulset.name',
  'k8s.daemonset.name',
  'k8s.cronjob.name',
  'k8s.job.name',
])

/** A CronJob's pods also name the Job of the moment, so the CronJob comes first. */
const WORKLOAD_ATTRIBUTES = [
  'k8s.deployment.name',
  'k8s.statefulset.name',
  'k8s.daemonset.name',
  'k8s.cronjob.name',
  'k8s.job.name',
]

/**
 * Which Deployment an OTLP resource belongs to, as the resource itself claims, and the name to show for it.
 * `spanAgentName` is the first `gen_ai.agent.name` among the spans: it stands in where no service is named.
 */
export function identifyAgent(
  resource: ReadonlyMap<string, string>,
  spanAgentName: string,
): { readonly agent: AgentId; readonly agentName: string } {
  const stated = resource.get('service.name') ?? ''
  // SDKs put `unknown_service:node` where nobody set a name: it would make one agent of all of them.
  const isNamed = stated !== '' && !stated.startsWith('unknown_service')
  const agentName = isNamed ? stated : (resource.get('gen_ai.agent.name') ?? '') || spanAgentName || stated || 'unknown'
  return { agent: agentIdOf(deploymentOf(resource, agentName)), agentName: agentNameOf(agentName) }
}

/** A name to show, as Unicode text of at most 256 characters. Still untrusted. */
export function agentNameOf(text: string): string {
  return text.slice(0, 256).toWellFormed()
}

function deploymentOf(resource: ReadonlyMap<string, string>, service: string): Deployment {
  const workload = WORKLOAD_ATTRIBUTES.map((key) => resource.get(key) ?? '').find((name) => name !== '')
  if (workload === undefined) {
    const host = resource.get('host.name')
    return { kind: 'host', service, ...(host === undefined ? {} : { host }) }
  }
  const cluster = resource.get('k8s.cluster.uid') ?? resource.get('k8s.cluster.name')
  const namespace = resource.get('k8s.namespace.name')
  return {
    kind: 'k8s',
    workload,
    ...(cluster === undefined ? {} : { cluster }),
    ...(namespace === undefined ? {} : { namespace }),
  }
}
