import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startKubernetesApi, type KubernetesApiServer } from '@holdfast/testkit'
import type { Workload } from '../incidents/stage.ts'

const TOKEN = 'respond-to-what-is-held'

/** The cluster of a run: an API server at a real port, and the lines by which a server may speak to it. */
export type KubernetesCluster = AsyncDisposable & { readonly api: KubernetesApiServer; readonly connector: string }

/** Each workload is a Deployment of one pod on one node. What the connector may do is what it asks an operator for. */
export async function startKubernetesCluster(
  name: string,
  { workloads, folder }: { readonly workloads: readonly Workload[]; readonly folder: string },
): Promise<KubernetesCluster> {
  const rules = [
    { verbs: ['get', 'list', 'patch'], groups: ['apps'], resources: ['deployments', 'statefulsets'] },
    { verbs: ['get', 'list'], groups: ['apps'], resources: ['daemonsets', 'replicasets'] },
    { verbs: ['get', 'list', 'patch'], groups: ['batch'], resources: ['cronjobs', 'jobs'] },
    { verbs: ['list', 'delete'], groups: [''], resources: ['pods'] },
    {
      verbs: ['get', 'list', 'create', 'patch', 'delete'],
      groups: ['networking.k8s.io'],
      resources: ['networkpolicies'],
    },
    { verbs: ['get', 'list', 'patch'], groups: [''], resources: ['nodes'] },
  ]
  const api = await startKubernetesApi({ users: new Map([[TOKEN, { name: 'holdfast', rules }]]) })
  const { cluster } = api
  cluster.create('nodes', { metadata: { name: 'worker-1' }, spec: { podCIDR: '10.1.1.0/24' } }, 'kubelet')
  for (const { namespace, deployment } of workloads) {
    const labels = { app: deployment }
    const spec = { containers: [{ name: 'agent', image: `${deployment}:1` }] }
    const made = cluster.create('deployments', {
      metadata: { name: deployment, namespace, labels },
      spec: { replicas: 1, selector: { matchLabels: labels }, template: { metadata: { labels }, spec } },
    })
    const { uid } = made['metadata'] as Readonly<Record<string, string>> // the server gave it one
    const own = { ...labels, 'pod-template-hash': '5f7' }
    const owner = { apiVersion: 'apps/v1', kind: 'Deployment', name: deployment, uid, controller: true }
    cluster.create('replicasets', {
      metadata: { name: `${deployment}-5f7`, namespace, labels: own, ownerReferences: [owner] },
      spec: { selector: { matchLabels: own } },
    })
  }
  cluster.reconcile()
  const kubeconfig = join(folder, 'kubeconfig')
  writeFileSync(
    kubeconfig,
    `current-context: run
contexts: [{ name: run, context: { cluster: run, user: run } }]
clusters: [{ name: run, cluster: { server: "${api.url}" } }]
users: [{ name: run, user: { token: ${TOKEN} } }]
`,
    { mode: 0o600 },
  )
  return {
    api,
    connector: `kubernetes:
  - name: run
    cluster: ${name}
    kubeconfig: ${kubeconfig}
    enforces-network-policies: true
    allowed-egress: [{ cidr: 192.0.2.10/32, ports: [{ port: 4318, protocol: TCP }] }]
`,
    [Symbol.asyncDispose]: () => api[Symbol.asyncDispose](),
  }
}
