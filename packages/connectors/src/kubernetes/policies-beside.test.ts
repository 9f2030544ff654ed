import { expect, test } from 'vitest'
import { RESPONSE_RULES, startCluster } from './testing/cluster.ts'

const AGENT = 'k8s:prod/payments/refund-agent'
// As an API server lists it: without its kind.
const allowAll = {
  metadata: { name: 'allow-all', namespace: 'payments' },
  spec: { podSelector: {}, policyTypes: ['Egress'], egress: [{}] },
}

test('policies of the namespace are read with the labels of the pods, and of another cluster nothing is said', async () => {
  await using at = await startCluster()
  at.server.cluster.create('networkpolicies', allowAll)
  const cluster = at.responder.reaches.replace(/^cluster (\S+).*$/, '$1')
  const agent = AGENT.replace('prod', cluster)
  expect(await at.responder.policiesOf(agent)).toMatchObject({
    plane: 'network',
    policies: [{ plane: 'network', name: 'allow-all', document: { kind: 'NetworkPolicy', spec: { egress: [{}] } } }],
    labels: { app: 'refund-agent' },
  })
  expect(await at.responder.policiesOf('k8s:elsewhere/payments/refund-agent')).toBeUndefined()
  expect(await at.responder.policiesOf('host:-/refund-agent')).toBeUndefined()
})

test('policies of the cluster are read beside those of the namespace, and without the right to them nothing is said', async () => {
  const first = {
    apiVersion: 'policy.networking.k8s.io/v1alpha2',
    kind: 'ClusterNetworkPolicy',
    metadata: { name: 'let-out' },
    spec: {
      tier: 'Admin',
      priority: 10,
      subject: { namespaces: {} },
      egress: [{ name: 'all', action: 'Accept', to: [{ networks: ['0.0.0.0/0'] }] }],
    },
  }
  await using at = await startCluster()
  at.server.cluster.create('clusternetworkpolicies', first)
  const agentOf = ({ reaches }: { readonly reaches: string }) =>
    AGENT.replace('prod', reaches.replace(/^cluster (\S+).*$/, '$1'))
  expect(await at.responder.policiesOf(agentOf(at.responder))).toMatchObject({
    policies: [{ plane: 'network', name: 'let-out', document: { spec: { tier: 'Admin', priority: 10 } } }],
  })
  await using blind = await startCluster({
    rules: RESPONSE_RULES.filter(({ groups }) => !groups.includes('policy.networking.k8s.io')),
  })
  await expect(blind.responder.policiesOf(agentOf(blind.responder))).rejects.toThrow('clusternetworkpolicies')
})
