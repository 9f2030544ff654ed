import { readFileSync } from 'node:fs'

import type { AgentId } from '@holdfast/model'
import type { PlanStep, ResponseScope } from '@holdfast/respond'
import type { AccessRule, KubernetesApiServer, KubernetesResource } from '@holdfast/testkit'
import { startKubernetesApi } from '@holdfast/testkit'
import { parseAllDocuments } from 'yaml'

import { TestClock } from '../../testing/clock.ts'
import { onlyScope, stepOf } from '../../testing/steps.ts'
import { kubernetesConfigSchema } from '../config.ts'
import { KubernetesResponder } from '../responder.ts'

export const AGENT = 'k8s:prod/payments/refund-agent' as AgentId // in the form of one
export const WORKLOAD = 'payments/deployments/refund-agent'
const LABELS = { app: 'refund-agent' }

/** What deploy/kubernetes/response-rbac.yaml grants: what is tested is what an operator is told to apply. */
export const RESPONSE_RULES: readonly AccessRule[] = parseAllDocuments(
  readFileSync(new URL('../../../../../deploy/kubernetes/response-rbac.yaml', import.meta.url), 'utf8'),
).flatMap((document) => {
  const { kind, rules = [] } = document.toJS() as ClusterRole // our own file
  if (kind !== 'ClusterRole') return []
  return rules.map(({ verbs, apiGroups, resources }) => ({ verbs, groups: apiGroups, resources }))
})

type ClusterRole = {
  readonly kind: string
  readonly rules?: readonly {
    readonly verbs: readonly string[]
    readonly apiGroups: readonly string[]
    readonly resources: readonly string[]
  }[]
}

export type TestCluster = AsyncDisposable & {
  readonly server: KubernetesApiServer
  readonly clock: TestClock
  readonly responder: KubernetesResponder
}

/** A cluster with one agent of three pods on one node, and a responder for it. */
export async function startCluster(
  options: {
    readonly rules?: readonly AccessRule[]
    readonly lag?: number
    readonly lacking?: readonly KubernetesResource[]
    readonly config?: Readonly<Record<string, unknown>>
  } = {},
): Promise<TestCluster> {
  const users = new Map([['t0ken', { name: 'holdfast', rules: options.rules ?? RESPONSE_RULES }]])
  const { lag, lacking } = options
  const server = await startKubernetesApi({
    users,
    ...(lag === undefined ? {} : { lag }),
    ...(lacking === undefined ? {} : { lacking }),
  })
  const { cluster } = server
  const template = {
    metadata: { labels: LABELS },
    spec: { containers: [{ name: 'agent', image: 'refund-agent:1.4' }] },
  }
  const deployment = cluster.create(
    'deployments',
    {
      metadata: { name: 'refund-agent', namespace: 'payments', labels: LABELS, annotations: { team: 'payments' } },
      spec: { replicas: 3, selector: { matchLabels: LABELS }, template },
    },
    'helm',
  )
  const { uid, name } = deployment['metadata'] as Readonly<Record<string, string>> // the server gave it both
  const setLabels = { ...LABELS, 'pod-template-hash': '5f7' }
  cluster.create('replicasets', {
    metadata: {
      name: 'refund-agent-5f7',
      namespace: 'payments',
      labels: setLabels,
      ownerReferences: [{ apiVersion: 'apps/v1', kind: 'Deployment', name, uid, controller: true }],
    },
    spec: { selector: { matchLabels: setLabels } },
  })
  cluster.create('nodes', { metadata: { name: 'worker-3' }, spec: { podCIDR: '10.1.3.0/24' } }, 'kubelet')
  cluster.reconcile()
  const clock = new TestClock()
  return {
    server,
    clock,
    responder: responderOf(server, clock, options.config),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
}

export function responderOf(
  server: KubernetesApiServer,
  clock: TestClock,
  config: Readonly<Record<string, unknown>> = {},
  answerMs?: number,
): KubernetesResponder {
  return new KubernetesResponder({
    config: kubernetesConfigSchema.parse({
      name: 'prod',
      cluster: 'prod',
      kubeconfig: '/unused',
      'enforces-network-policies': true,
      'allowed-egress': [{ cidr: '192.0.2.10/32', ports: [{ port: 4318, protocol: 'TCP' }] }],
      ...config,
    }),
    access: { url: server.url, token: () => 't0ken' },
    clock,
    ...(answerMs === undefined ? {} : { answerMs }),
  })
}

export function rungStep(
  rung: Extract<PlanStep['deed'], { kind: 'rung' }>['rung'],
  change: Partial<PlanStep> = {},
): PlanStep {
  const target = { kind: 'workload', name: WORKLOAD, state: '' } as const
  return stepOf({ id: 'rung', provider: 'kubernetes:prod', agent: AGENT, target, deed: { kind: 'rung', rung } }, change)
}

export function cutStep(cut: string, change: Partial<PlanStep> = {}): PlanStep {
  return rungStep('watch', { id: `cut/${cut}`, deed: { kind: 'cut', cut, surface: 'S2', verb: 'scope' }, ...change })
}

export function scopeOf(
  change: Partial<ResponseScope['agents'][number]> = {},
  beside: Partial<ResponseScope> = {},
): ResponseScope {
  const agent = {
    id: AGENT,
    name: 'refund-agent',
    cluster: 'prod',
    namespace: 'payments',
    workload: 'refund-agent',
    pods: [],
    nodes: ['worker-3'],
    images: ['refund-agent:1.4'],
    ...change,
  }
  return onlyScope({ agents: [agent], ...beside })
}
