import { startKubernetesApi } from '@holdfast/testkit'
import { expect, test } from 'vitest'
import { KubernetesApi } from './api.ts'
import { checkPodSecurity } from './pod-security.ts'

const READER = [{ verbs: ['get'], groups: [''], resources: ['namespaces'] }]

/** What is said of the namespace `holdfast` with these labels. */
async function checked(labels: Readonly<Record<string, string>>, rules = READER) {
  const users = new Map([['t0ken', { name: 'holdfast', rules }]])
  await using server = await startKubernetesApi({ users })
  server.cluster.create('namespaces', { metadata: { name: 'holdfast', labels } })
  const api = new KubernetesApi({ url: server.url, token: () => 't0ken', namespace: 'holdfast' })
  return await checkPodSecurity(api, 'holdfast')
}

const enforced = (level: string) => checked({ 'pod-security.kubernetes.io/enforce': level })

test('a namespace whose pods may take no node passes, and its level is said', async () => {
  expect(await enforced('restricted')).toMatchObject({ status: 'PASS', detail: expect.stringContaining('restricted') })
  expect(await enforced('baseline')).toMatchObject({ status: 'PASS', detail: expect.stringContaining('baseline') })
})

test('one that admits any pod is told, with the label to set', async () => {
  const remedy = expect.stringContaining(
    'kubectl label namespace holdfast pod-security.kubernetes.io/enforce=restricted',
  )
  expect(await enforced('privileged')).toMatchObject({ status: 'WARN', remedy })
  expect(await checked({})).toMatchObject({ status: 'WARN', detail: expect.stringContaining('no level'), remedy })
})

test('what may not be read is not known, and that is no pass', async () => {
  expect(await checked({}, [])).toMatchObject({ status: 'WARN', detail: expect.stringContaining('not known') })
})
