import { expect, test } from 'vitest'
import { startCluster } from './testing/cluster.ts'

const AGENT = 'k8s:prod/payments/refund-agent'
const allowAll = {
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
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
    policies: [{ plane: 'network', name: 'allow-all', document: { spec: { egress: [{}] } } }],
    labels: { app: 'refund-agent' },
  })
  expect(await at.responder.policiesOf('k8s:elsewhere/payments/refund-agent')).toBeUndefined()
  expect(await at.responder.policiesOf('host:-/refund-agent')).toBeUndefined()
})
