import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parse, parseAllDocuments } from 'yaml'

const DEPLOY = new URL('../../../../deploy/', import.meta.url)

type Container = {
  readonly name: string
  readonly args?: readonly string[]
  readonly command?: readonly string[]
  readonly ports?: readonly { readonly name: string; readonly containerPort: number }[]
  readonly readinessProbe?: { readonly exec: { readonly command: readonly unknown[] } }
  readonly securityContext: unknown
  readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[]
}
type Volume = {
  readonly name: string
  readonly configMap?: { readonly name: string }
}
type Manifest = {
  readonly kind: string
  readonly metadata: { readonly name: string; readonly labels: Readonly<Record<string, string>> }
  readonly data?: Readonly<Record<string, string>>
  readonly spec: {
    readonly selector: Readonly<Record<string, string>> & { readonly matchLabels: Readonly<Record<string, string>> }
    readonly clusterIP?: string
    readonly ports: readonly { readonly targetPort: string | number }[]
    readonly volumeClaimTemplates?: readonly { readonly metadata: { readonly name: string } }[]
    readonly template: {
      readonly metadata: { readonly labels: Readonly<Record<string, string>> }
      readonly spec: {
        readonly automountServiceAccountToken: boolean
        readonly serviceAccountName: string
        readonly containers: readonly Container[]
        readonly volumes: readonly Volume[]
      }
    }
  }
}

// Our own file; what a field lacks shows as a failed expectation.
const manifests = parseAllDocuments(readFileSync(new URL('kubernetes/holdfast.yaml', DEPLOY), 'utf8')).map(
  (document) => document.toJS() as Manifest,
)
const of = (kind: string, name = 'holdfast'): Manifest => {
  const found = manifests.filter(({ kind: own, metadata }) => own === kind && metadata.name === name)
  expect(found).toHaveLength(1)
  return found[0] as Manifest // as just seen
}
const pod = of('StatefulSet').spec.template
const configured = (file: string): unknown => parse(of('ConfigMap').data?.[file] ?? '')

test('the manifests give no right in the cluster and no token for one', () => {
  expect(manifests.map(({ kind }) => kind).toSorted()).toEqual([
    'ConfigMap',
    'Service',
    'Service',
    'ServiceAccount',
    'StatefulSet',
  ])
  expect(pod.spec.automountServiceAccountToken).toBe(false)
  expect(pod.spec.serviceAccountName).toBe(of('ServiceAccount').metadata.name)
})

test('the Service of agents leads to ports of the Collector, and to none of the server', () => {
  const service = of('Service').spec
  expect(pod.metadata.labels).toMatchObject(service.selector)
  expect(pod.metadata.labels).toMatchObject(of('StatefulSet').spec.selector.matchLabels)
  const [server, collector] = pod.spec.containers
  expect(server?.ports).toBeUndefined()
  expect(service.ports.map(({ targetPort }) => String(targetPort)).toSorted()).toEqual(
    collector?.ports?.map(({ name }) => name).toSorted(),
  )
})

test('the server listens on the loopback of its Pod alone, and the Service of the workspace names its port for port-forward', () => {
  expect(configured('config.yaml')).toMatchObject({ host: '127.0.0.1', 'http-port': 4319, sensor: false })
  const { clusterIP, ports, selector } = of('Service', 'holdfast-workspace').spec
  expect({ clusterIP, ports: ports.map(({ targetPort }) => targetPort) }).toEqual({ clusterIP: 'None', ports: [4319] })
  expect(pod.metadata.labels).toMatchObject(selector)
})

test('the Collector asks for the token at each of its ports and hands on to the loopback of the Pod', () => {
  const config = configured('collector.yaml') as {
    readonly receivers: {
      readonly otlp: {
        readonly protocols: Readonly<Record<string, { readonly endpoint: string; readonly auth: unknown }>>
      }
    }
    readonly exporters: unknown
    readonly service: unknown
  }
  const protocols = Object.values(config.receivers.otlp.protocols)
  expect(protocols.map(({ auth }) => auth)).toEqual(protocols.map(() => ({ authenticator: 'bearertokenauth' })))
  const ports = pod.spec.containers[1]?.ports?.map(({ containerPort }) => `0.0.0.0:${containerPort}`)
  expect(protocols.map(({ endpoint }) => endpoint).toSorted()).toEqual(ports?.toSorted())
  expect(config.exporters).toEqual({ otlphttp: { endpoint: 'http://127.0.0.1:4318' } })
  expect(config.service).toMatchObject({
    extensions: ['bearertokenauth'],
    pipelines: {
      traces: { receivers: ['otlp'], exporters: ['otlphttp'] },
      logs: { receivers: ['otlp'], exporters: ['otlphttp'] },
    },
  })
})

test('every volume that is mounted is there, and what it is made of too', () => {
  const claims = of('StatefulSet').spec.volumeClaimTemplates?.map(({ metadata }) => metadata.name) ?? []
  const volumes = [...pod.spec.volumes.map(({ name }) => name), ...claims]
  for (const { volumeMounts } of pod.spec.containers)
    for (const { name } of volumeMounts) expect(volumes).toContain(name)
  expect(pod.spec.volumes.map(({ configMap }) => configMap?.name)).toContain(of('ConfigMap').metadata.name)
  const [server] = pod.spec.containers
  expect(server?.command).toEqual(['holdfast', 'up'])
  const { data } = configured('config.yaml') as { readonly data: string }
  const mount = server?.volumeMounts.find(({ mountPath }) => data.startsWith(`${mountPath}/`))
  expect(claims).toContain(mount?.name)
})

test('the probe asks the server from inside of its Pod, in words that are all texts', () => {
  const command = pod.spec.containers[0]?.readinessProbe?.exec.command ?? []
  expect(command.map((word) => typeof word)).toEqual(['string', 'string', 'string'])
  expect(command.at(-1)).toContain('http://127.0.0.1:4319/readyz')
})

test('no container may gain rights or write to its image', () => {
  for (const { securityContext } of pod.spec.containers)
    expect(securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    })
})
