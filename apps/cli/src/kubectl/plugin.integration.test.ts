import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import {
  chat,
  kubeconfigOf,
  type KubernetesApiServer,
  startKubernetesApi,
  traceRequest,
  writeKubectl,
} from '@holdfast/testkit'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { parse } from 'yaml'
import { cli, type Transcript } from '../testing/run.ts'
import { startTestServer, type TestServer } from '../testing/server.ts'
import { VERSION } from '../version.ts'
import { runPlugin } from './run-plugin.ts'

const DEPLOY = fileURLToPath(new URL('../../../../deploy/kubectl/', import.meta.url))
const ANY = [{ verbs: ['*'], groups: ['*'], resources: ['*'] }]
/** Who may look at Services of one namespace, forward a port, and exec into nothing. */
const NARROW = [{ verbs: ['get', 'list'], groups: [''], resources: ['services'], namespaces: ['holdfast'] }]

let folder = ''
let cluster: KubernetesApiServer
let server: TestServer
let env: Readonly<Record<string, string>>

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-kubectl-'))
  server = await startTestServer()
  cluster = await startKubernetesApi({
    users: new Map([
      ['t0ken', { name: 'ann', rules: ANY }],
      ['narrow', { name: 'bo', rules: NARROW }],
    ]),
    exec: async ({ words }) =>
      words.join(' ') === 'cat /data/log/token'
        ? { code: 0, stdout: readFileSync(join(server.data, 'token'), 'utf8'), stderr: '' }
        : { code: 127, stdout: '', stderr: 'not found' },
  })
  fillCluster()
  const contexts = [
    { name: 'prod', token: 't0ken', namespace: 'payments' },
    { name: 'narrow', token: 'narrow' },
  ]
  writeFileSync(join(folder, 'kubeconfig'), kubeconfigOf(cluster.url, contexts))
  env = { ...process.env, KUBECTL: writeKubectl(folder), KUBECONFIG: join(folder, 'kubeconfig') }
  await hear('desk', 'payments')
  await hear('clerk', 'support')
  await vi.waitFor(
    async () => {
      const { stdout } = await cli(['agents', '--json'], { env: server.env })
      expect(JSON.parse(stdout)).toHaveLength(2)
    },
    { timeout: 60_000, interval: 100 },
  )
})
afterAll(async () => {
  await cluster?.[Symbol.asyncDispose]()
  await server?.[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true, force: true })
})

test('a command is asked of the server of the cluster, over a port that is forwarded for it', async () => {
  const { code, stdout, stderr } = await plugin('agents', '--json')
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(namesIn(stdout)).toEqual(['clerk', 'desk'])
})

test('-n and -l narrow lists to agents of a namespace, by labels of their workloads or of their pods, and what is left out is said', async () => {
  const inOne = await plugin('agents', '-n', 'payments', '--json')
  expect(namesIn(inOne.stdout)).toEqual(['desk'])
  expect(inOne.stderr).toContain('left out: 1 row not of namespace payments')
  expect(namesIn((await plugin('agents', '-l', 'team=help', '-A', '--json')).stdout)).toEqual(['clerk'])
  expect(namesIn((await plugin('agents', '-l', 'app=desk', '--json')).stdout)).toEqual(['desk'])
  expect(namesIn((await plugin('agents', '-l', 'app=nobody', '--json')).stdout)).toEqual([])
  expect(await plugin('incidents')).toMatchObject({ code: 0, stderr: expect.stringContaining('no incident') })
})

test.each(['deploy/desk', 'deployment.apps/desk', 'pod/desk-5f7-x1', 'po/desk-5f7-x1'])(
  '%s names the agent that runs as that workload, in the namespace of the context',
  async (word) => {
    const { code, stdout } = await plugin('bom', 'show', word, '--json')
    expect(code).toBe(0)
    expect(stdout).toContain('k8s:prod/payments/desk')
  },
)

test.each([
  [['bom', 'show', 'deploy/clerk'], 4, 'no agent was heard of workload clerk in namespace payments'],
  [['bom', 'show', 'pod/nobody'], 4, 'there is no pod payments/nobody'],
  [['doctor', '-n', 'payments'], 2, 'names none'],
  [['doctor', '-A'], 2, 'nothing to be narrowed'],
  [['agents', '--context', 'elsewhere'], 69, 'context "elsewhere" does not exist'],
  [['agents', '--server-namespace', 'payments'], 4, 'there is no Holdfast server in payments'],
  [['agents', '--context', 'narrow'], 5, 'kubectl exec holdfast/holdfast-0'],
  [['agents', '--context', 'narrow'], 5, 'next: set HOLDFAST_TOKEN to the token of an account'],
])('%j ends with %i and says why', async (args, code, said) => {
  expect(await plugin(...args)).toMatchObject({ code, stderr: expect.stringContaining(said) })
})

test('who has an account of their own needs no exec', async () => {
  const asked = cluster.requests.length
  const { code, stdout } = await pluginWith(
    { HOLDFAST_TOKEN: server.ready.token },
    'agents',
    '--json',
    '--context=narrow',
  )
  expect(code).toBe(0)
  expect(namesIn(stdout)).toEqual(['clerk', 'desk'])
  expect(cluster.requests.slice(asked).filter((request) => request.includes('/exec'))).toEqual([])
})

test('a token that the server does not take is told apart from an agent that nobody heard', async () => {
  expect(await pluginWith({ HOLDFAST_TOKEN: 'of-another' }, 'bom', 'show', 'deploy/desk')).toMatchObject({
    code: 5,
    stderr: expect.stringContaining('the server of the cluster'),
  })
})

test('help asks no cluster', async () => {
  expect(await pluginWith({ KUBECTL: '/nowhere/kubectl' }, 'agents', '--help')).toMatchObject({ code: 0 })
  expect(await pluginWith({ KUBECTL: '/nowhere/kubectl' }, 'agents')).toMatchObject({
    code: 69,
    stderr: expect.stringContaining('kubectl does not start'),
  })
})

test('the file that kubectl finds on the path runs by a link to it, and krew is told of the same one', async () => {
  symlinkSync(join(DEPLOY, 'kubectl-holdfast'), join(folder, 'kubectl-holdfast'))
  // Not waited for in this process: the API server of the test answers in it.
  const run = promisify(execFile)
  const { stdout, stderr } = await run(join(folder, 'kubectl-holdfast'), ['agents', '-n', 'support', '--json'], { env })
  expect(stderr).toContain('left out: 1 row')
  expect(namesIn(stdout)).toEqual(['clerk'])
  const manifest: unknown = parse(readFileSync(join(DEPLOY, 'holdfast.yaml'), 'utf8'))
  expect(manifest).toMatchObject({
    metadata: { name: 'holdfast' },
    spec: { version: `v${VERSION}`, platforms: [{ bin: 'deploy/kubectl/kubectl-holdfast' }] },
  })
})

test('a token goes to no Service of a namespace that nobody named, whatever its labels', async () => {
  cluster.cluster.create('services', serviceOf('payments', 'http://127.0.0.1:1'))
  const token = { HOLDFAST_TOKEN: server.ready.token }
  expect(await pluginWith(token, 'agents', '--json')).toMatchObject({ code: 0, stderr: '' })
  expect(await plugin('agents')).toMatchObject({ code: 2, stderr: expect.stringContaining('there are 2 servers') })
})

const plugin = (...args: readonly string[]) => pluginWith({}, ...args)

async function pluginWith(more: Readonly<Record<string, string>>, ...args: readonly string[]): Promise<Transcript> {
  let stdout = ''
  let stderr = ''
  const code = await runPlugin(args, {
    stdout: { write: (text) => void (stdout += text), isTerminal: false, columns: undefined },
    stderr: { write: (text) => void (stderr += text), isTerminal: false, columns: undefined },
    env: { ...env, ...more },
    cwd: folder,
    readStdin: async () => new Uint8Array(),
    signal: new AbortController().signal,
  })
  return { code, stdout, stderr }
}

function namesIn(stdout: string): readonly string[] {
  const rows = JSON.parse(stdout) as readonly { readonly name: string }[] // the documented form
  return rows.map(({ name }) => name).toSorted((one, other) => one.localeCompare(other))
}

/** A Service as the chart labels its server's. */
function serviceOf(namespace: string, forwardTo: string) {
  return {
    metadata: {
      name: 'holdfast-workspace',
      namespace,
      labels: { 'app.kubernetes.io/part-of': 'holdfast', 'app.kubernetes.io/component': 'server' },
      annotations: { 'testkit/forward-to': forwardTo },
    },
    spec: { clusterIP: 'None', ports: [{ name: 'workspace', port: 4319 }] },
  }
}

function fillCluster(): void {
  const { cluster: objects } = cluster
  objects.create('services', serviceOf('holdfast', server.ready.http))
  const owned = (name: string, kind: string, owner: string, labels: object) => ({
    metadata: {
      name,
      namespace: 'payments',
      labels: { ...labels },
      ownerReferences: [{ apiVersion: 'apps/v1', kind, name: owner, uid: owner, controller: true }],
    },
    spec: {},
  })
  // Its pods are labelled, the Deployment is not; of the other one it is the other way round.
  objects.create('deployments', { metadata: { name: 'desk', namespace: 'payments' }, spec: {} })
  objects.create('replicasets', owned('desk-5f7', 'Deployment', 'desk', {}))
  objects.create('pods', owned('desk-5f7-x1', 'ReplicaSet', 'desk-5f7', { app: 'desk' }))
  objects.create('deployments', {
    metadata: { name: 'clerk', namespace: 'support', labels: { team: 'help' } },
    spec: {},
  })
}

/** An agent of the cluster is heard. */
async function hear(service: string, namespace: string): Promise<void> {
  const request = traceRequest({
    service,
    trace: `${service}-story`,
    spans: [{ name: 'chat', attributes: chat(`c-${service}`, { user: 'Hello.', answer: 'Hello.' }) }],
  }) as { readonly resourceSpans: readonly { readonly resource: { readonly attributes: object[] } }[] } // made above
  const at = { 'k8s.cluster.name': 'prod', 'k8s.namespace.name': namespace, 'k8s.deployment.name': service }
  const attributes = Object.entries(at).map(([key, stringValue]) => ({ key, value: { stringValue } }))
  request.resourceSpans[0]?.resource.attributes.push(...attributes)
  const headers = { 'content-type': 'application/json' }
  const sent = await fetch(`${server.ready.otlpHttp}/v1/traces`, {
    method: 'POST',
    headers,
    body: JSON.stringify(request),
  })
  if (!sent.ok) throw new Error(`${service} was not heard: ${sent.status}`)
}
