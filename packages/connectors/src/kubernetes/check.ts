import { z } from 'zod'

import { wordsOf } from '../connector-error.ts'
import type { ConnectorCheck } from '../connector.ts'
import type { KubernetesApi } from './api.ts'
import { okOf } from './api.ts'
import type { KubernetesConfig } from './config.ts'
import { moveOf, rightsFor } from './moves.ts'
import { missingRights } from './rights.ts'

const versionSchema = z.looseObject({ gitVersion: z.string().max(64) })

/** Deeds whose rights are asked for, each on an example of its target. */
const DEEDS = [
  { deed: 'soft-quarantine', on: (namespace: string) => `${namespace}/deployments/any` },
  { deed: 'kill', on: (namespace: string) => `${namespace}/deployments/any` },
  { deed: 'kill', on: (namespace: string) => `${namespace}/statefulsets/any` },
] as const

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
    ]
  } catch (error) {
    return [{ ...base, id, status: 'FAIL', detail: wordsOf(error), remedy: 'check address, certificates and token' }]
  }
}

async function missingHere(api: KubernetesApi, { namespaces }: KubernetesConfig): Promise<readonly string[]> {
  const rights = (namespaces ?? ['every-namespace']).flatMap((namespace) =>
    DEEDS.flatMap(({ deed, on }) => {
      const move = moveOf({
        id: '',
        incident: '',
        provider: '',
        agent: '',
        target: { kind: 'workload', name: on(namespace), state: '' },
        deed: { kind: 'rung', rung: deed },
        isReversible: true,
        ttlMs: 0,
      })
      return typeof move === 'string' ? [] : rightsFor(move)
    }),
  )
  const asked = rights.map(({ namespace, ...right }) =>
    namespaces === undefined || namespace === undefined ? right : { ...right, namespace },
  )
  const distinct = new Map(asked.map((right) => [JSON.stringify(right), right]))
  return missingRights(api, [...distinct.values()])
}
