import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { KubernetesPods, kubernetesOf } from './kubernetes.ts'

const owner = (kind: string, name: string) => ({ ownerReferences: [{ kind, name, controller: true }] })
const pod = (uid: string, name: string, more: object = {}) => ({ metadata: { uid, name, namespace: 'shop', ...more } })

const ANSWERS: Readonly<Record<string, unknown>> = {
  '/api/v1/pods?fieldSelector=spec.nodeName%3Dnode-1': {
    items: [
      pod('u1', 'web-7d4b9c-x2x', owner('ReplicaSet', 'web-7d4b9c')),
      pod('u2', 'db-0', owner('StatefulSet', 'db')),
      pod('u3', 'nightly-29-abc', owner('Job', 'nightly-29')),
      pod('u4', 'alone'),
      { metadata: { uid: 7 } },
    ],
  },
  '/apis/apps/v1/namespaces/shop/replicasets/web-7d4b9c': { metadata: owner('Deployment', 'web') },
  '/apis/batch/v1/namespaces/shop/jobs/nightly-29': { metadata: owner('CronJob', 'nightly') },
}

test('a pod is told by the workload that owns it', async () => {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(`${request.url} ${request.headers.authorization}`)
    const answer = ANSWERS[request.url ?? '']
    response.writeHead(answer === undefined ? 404 : 200).end(JSON.stringify(answer ?? {}))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo // it listens on TCP
  const pods = new KubernetesPods({ url: `http://127.0.0.1:${port}`, token: 't0', node: 'node-1' })
  expect(await pods.find('u1')).toEqual({ name: 'web-7d4b9c-x2x', namespace: 'shop', workload: 'web' })
  expect(await pods.find('u2')).toMatchObject({ workload: 'db' })
  expect(await pods.find('u3')).toMatchObject({ workload: 'nightly' })
  expect(await pods.find('u4')).toMatchObject({ workload: 'alone' })
  expect(await pods.find('unknown')).toBeUndefined()
  expect(asked.filter((line) => line.startsWith('/api/v1/pods'))).toEqual([
    '/api/v1/pods?fieldSelector=spec.nodeName%3Dnode-1 Bearer t0',
  ])
  server.close()
  server.closeAllConnections()
})

test('an API server that does not answer is an error, not a pod without a workload', async () => {
  await expect(new KubernetesPods({ url: 'http://127.0.0.1:1' }).find('u1')).rejects.toThrow('ECONNREFUSED')
})

test('the environment of a pod names the API server, in IPv6 too', () => {
  expect(kubernetesOf({ KUBERNETES_SERVICE_HOST: 'fd00::1', NODE_NAME: 'n' })).toMatchObject({
    url: 'https://[fd00::1]:443',
    node: 'n',
  })
  expect(kubernetesOf({})).toBeUndefined()
})
