import type { Decision, ResponseScope, ScopedAgent } from '@holdfast/respond'

import type { Wanted } from '../offer.ts'
import type { KubernetesApi } from './api.ts'
import { addressRange } from './network-policy.ts'
import type { ObjectRef, WorkloadRef } from './refs.ts'
import { isObjectName, refText } from './refs.ts'
import { findWorkload, readWorkload } from './workload.ts'

/** What this cluster could do for a decision: only what is named exactly, and in this cluster. */
export async function wantedOf(
  api: KubernetesApi,
  {
    scope,
    decision,
    cluster,
    namespaces,
  }: {
    readonly scope: ResponseScope
    readonly decision: Decision
    readonly cluster: string
    readonly namespaces: readonly string[] | undefined
  },
): Promise<readonly Wanted[]> {
  const agents = scope.agents.filter((agent) => agent.cluster === cluster)
  const wanted = await Promise.all(agents.map((agent) => ofWorkload(api, { agent, scope, decision, namespaces })))
  return wanted.flat()
}

async function ofWorkload(
  api: KubernetesApi,
  {
    agent,
    scope,
    decision,
    namespaces,
  }: {
    readonly agent: ScopedAgent
    readonly scope: ResponseScope
    readonly decision: Decision
    readonly namespaces: readonly string[] | undefined
  },
): Promise<readonly Wanted[]> {
  const { namespace, workload } = agent
  if (namespace === undefined || workload === undefined) return []
  if (!isObjectName(namespace) || !isObjectName(workload)) return []
  if (namespaces !== undefined && !namespaces.includes(namespace)) return []
  const ref = await findWorkload(api, namespace, workload)
  if (ref === undefined) return []
  const cuts = decision.cuts.map(({ id }) => id).filter((id) => id === 'cut-neighbours' || id === 'hold-image')
  return [
    ...rungOf(agent, { scope, decision, ref }),
    ...cuts.map((cut) => cutOf(agent, cut, ref)),
    ...(await ofNodes(api, { agent, decision, ref })),
  ]
}

function rungOf(
  agent: ScopedAgent,
  { scope, decision, ref }: { readonly scope: ResponseScope; readonly decision: Decision; readonly ref: WorkloadRef },
): readonly Wanted[] {
  const { rung } = decision
  const base = { agent: agent.id, serves: { kind: 'rung' } as const, target: targetOf(ref) }
  switch (rung) {
    case 'watch':
    case 'pause':
      return []
    case 'restrict': {
      const parts = scope.destinations.flatMap(({ agent: who, name }) =>
        who === agent.id ? (addressRange(name) ?? []) : [],
      )
      return parts.length === 0 ? [] : [{ ...base, target: { ...base.target, parts: [...new Set(parts)].toSorted() } }]
    }
    case 'soft-quarantine':
    case 'stop':
    case 'kill':
      return [base]
  }
}

/** Nodes that the API server says its own pods are on: what its records claim is for the agent to choose. */
async function ofNodes(
  api: KubernetesApi,
  { agent, decision, ref }: { readonly agent: ScopedAgent; readonly decision: Decision; readonly ref: WorkloadRef },
): Promise<readonly Wanted[]> {
  if (!decision.cuts.some(({ id }) => id === 'cordon-node')) return []
  const workload = await readWorkload(api, ref)
  if (typeof workload === 'string') return []
  const nodes = workload.pods.flatMap(({ spec }) => {
    const name = spec?.['nodeName']
    return typeof name === 'string' && isObjectName(name) ? [name] : []
  })
  return [...new Set(nodes)].toSorted().map((name) => cutOf(agent, 'cordon-node', { resource: 'nodes', name }))
}

function cutOf(agent: ScopedAgent, cut: string, ref: ObjectRef): Wanted {
  return { agent: agent.id, serves: { kind: 'cut', cut }, target: targetOf(ref, cut) }
}

function targetOf(ref: ObjectRef, cut?: string): Wanted['target'] {
  const kind = ref.resource === 'nodes' ? 'node' : cut === 'hold-image' ? 'image' : 'workload'
  return { kind, name: refText(ref) }
}
