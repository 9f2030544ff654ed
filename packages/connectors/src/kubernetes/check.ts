import { z } from 'zod'

import { wordsOf } from '../connector-error.ts'
import type { ConnectorCheck } from '../connector.ts'
import type { KubernetesApi } from './api.ts'
import { okOf } from './api.ts'
import { CLUSTER_POLICIES } from './cluster-policy-objects.ts'
import type { KubernetesConfig } from './config.ts'
import type { Move } from './moves.ts'
import { rightsFor } from './moves.ts'
import type { Right } from './rights.ts'
import { missingRights } from './rights.ts'
import { checkPodSecurity } from './pod-security.ts'

const versionSchema = z.looseObject({ gitVersion: z.string().max(64) })

/** Nodes belong to no namespace: who is given some namespaces only is not expected to cordon. */
const CORDON: Move = {
  kind: 'field',
  ref: { resource: 'nodes', name: 'any' },
  field: 'unschedulable',
  value: true,
  endsPods: false,
}

/** Whether the API server answers, and what it lets us do. */
export async function checkCluster(api: KubernetesApi, config: KubernetesConfig): Promise<readonly ConnectorCheck[]> {
  const base = { title: `Kubernetes ${config.name}` }
  const id = `connector kubernetes:${config.name}`
  try {
    const version = versionSchema.safeParse(okOf(await api.ask({ method: 'GET', path: '/version' }), 'GET /version'))
    const missing = await missingHere(api, config)
    const detail = `${api.url} answers, version ${version.success ? version.data.gitVersion : 'unknown'}`
    return [
      missing.length === 0
        ? { ...base, id, status: 'PASS', detail: `${detail}; all that is needed is allowed` }
        : {
            ...base,
            id,
            status: 'WARN',
            detail: `${detail}; not allowed: ${missing.join(', ')}`,
            remedy: 'kubectl apply -f deploy/kubernetes/response-rbac.yaml',
          },
      config['enforces-network-policies']
        ? {
            ...base,
            id: `${id} network`,
            status: 'PASS',
            detail: 'its operator says that its network does what NetworkPolicies say; no packet was tried',
          }
        : {
            ...base,
            id: `${id} network`,
            status: 'WARN',
            detail: 'no quarantine is offered: not every network of a cluster enforces NetworkPolicies',
            remedy: 'set enforces-network-policies: true in the file of connectors once you have seen one work',
          },
      ...(config['apply-cluster-policies'] === true ? [await checkClusterPolicies(api, { ...base, id })] : []),
      ...(api.ownNamespace === undefined ? [] : [await checkPodSecurity(api, api.ownNamespace)]),
    ]
  } catch (error) {
    return [{ ...base, id, status: 'FAIL', detail: wordsOf(error), remedy: 'check address, certificates and token' }]
  }
}

/** Whether policies of the whole cluster could be put there. */
async function checkClusterPolicies(
  api: KubernetesApi,
  { id, title }: { readonly id: string; readonly title: string },
): Promise<ConnectorCheck> {
  const base = { id: `${id} cluster-policies`, title }
  const verbs = ['get', 'list', 'create', 'patch', 'delete'] as const
  const missing = await missingRights(
    api,
    verbs.map((verb) => ({ verb, group: 'policy.networking.k8s.io', resource: 'clusternetworkpolicies' })),
  )
  if (missing.length > 0)
    return {
      ...base,
      status: 'WARN',
      detail: `not allowed: ${missing.join(', ')}`,
      remedy:
        '`kubectl apply -f deploy/kubernetes/response-rbac.yaml`, then `kubectl create clusterrolebinding holdfast-cluster-policies --clusterrole=holdfast-cluster-policies --serviceaccount=holdfast:holdfast-response`',
    }
  const { status } = await api.ask({ method: 'GET', path: CLUSTER_POLICIES, query: { limit: '1' } })
  return status === 'ok'
    ? {
        ...base,
        status: 'PASS',
        detail:
          'ClusterNetworkPolicies may be made and taken away; whether its network does what they say no API tells',
      }
    : {
        ...base,
        status: 'WARN',
        detail: 'it has no ClusterNetworkPolicy (policy.networking.k8s.io/v1alpha2): none can be put there',
        remedy: 'install a network that serves them, or take apply-cluster-policies out of the file of connectors',
      }
}

async function missingHere(api: KubernetesApi, { namespaces }: KubernetesConfig): Promise<readonly string[]> {
  const rights =
    namespaces === undefined
      ? // Asked without a namespace it is asked of all of them.
        [...movesIn('every').flatMap(rightsFor).map(everywhere), ...rightsFor(CORDON)]
      : namespaces.flatMap((namespace) => movesIn(namespace).flatMap(rightsFor))
  const distinct = new Map(rights.map((right) => [JSON.stringify(right), right]))
  return missingRights(api, [...distinct.values()])
}

function everywhere({ verb, group, resource }: Right): Right {
  return { verb, group, resource }
}

/** What takes the most rights, on an example of each target. */
function movesIn(namespace: string): readonly Move[] {
  const any = (resource: 'deployments' | 'statefulsets' | 'cronjobs') => ({ resource, namespace, name: 'any' })
  const ending = { kind: 'field', field: 'replicas', value: 0, endsPods: true } as const
  return [
    { kind: 'network', ref: any('deployments') },
    { ...ending, ref: any('deployments') },
    { ...ending, ref: any('statefulsets') },
    { ...ending, field: 'suspend', value: true, ref: any('cronjobs') },
  ]
}
