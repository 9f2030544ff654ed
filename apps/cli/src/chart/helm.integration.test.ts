import { readFileSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { pathOf, PLAIN_MANIFESTS, plainText } from './testing/chart-files.ts'
import { hasHelm, helm, setFlags } from './testing/helm.ts'

/** As far as it is looked at; what an object lacks shows as a failed expectation. */
type Rendered = {
  readonly kind: string
  readonly metadata: {
    readonly name: string
    readonly namespace?: string
    readonly labels: Readonly<Record<string, string>>
    readonly annotations?: Readonly<Record<string, string>>
  }
  readonly rules?: readonly object[]
  readonly spec: {
    readonly ports?: readonly object[]
    readonly template: {
      readonly spec: {
        readonly serviceAccountName: string
        readonly automountServiceAccountToken: boolean
        readonly hostPID?: boolean
        readonly securityContext: object
        readonly containers: readonly { readonly name: string; readonly securityContext: object }[]
      }
    }
  }
}

function objectsOf(values: Readonly<Record<string, string>> = {}): readonly Rendered[] {
  const { status, stdout, stderr } = helm('template', setFlags(values))
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  return parseAllDocuments(stdout).flatMap((document) => (document.toJS() as Rendered | null) ?? []) // of our own chart
}

const kindsOf = (objects: readonly Rendered[]) => [...new Set(objects.map(({ kind }) => kind))].toSorted()
const ALL = {
  'response.enabled': 'true',
  'response.watchChanges': 'true',
  'response.clusterPolicies': 'true',
  'sensor.enabled': 'true',
  'metrics.enabled': 'true',
  'metrics.existingSecret': 'metrics',
  'serviceMonitor.enabled': 'true',
  'networkPolicy.enabled': 'true',
  'connectors.existingSecret': 'connectors',
  'rules.existingConfigMap': 'rules',
  'ingest.tls.existingSecret': 'certificate',
}

const NAMED_WITH_SENSOR = { fullnameOverride: 'guard', 'sensor.enabled': 'true' }

test.skipIf(!hasHelm)('helm finds nothing wrong with the chart (needs helm)', () => {
  expect(helm('lint', ['--strict'])).toMatchObject({ status: 0 })
})

test.skipIf(!hasHelm)('without values it is one server without a right in the cluster (needs helm)', () => {
  const objects = objectsOf()
  expect(kindsOf(objects)).toEqual(['ConfigMap', 'Secret', 'Service', 'ServiceAccount', 'StatefulSet'])
  const { spec } = objects.find(({ kind }) => kind === 'StatefulSet')!.spec.template // as just seen
  expect(spec).toMatchObject({ automountServiceAccountToken: false, serviceAccountName: 'holdfast' })
})

test.skipIf(!hasHelm)(
  'everything that it makes is labelled as Kubernetes recommends, whatever is on (needs helm)',
  () => {
    for (const { metadata } of objectsOf(ALL))
      expect(metadata.labels).toMatchObject({
        'app.kubernetes.io/name': 'holdfast',
        'app.kubernetes.io/instance': 'holdfast',
        'app.kubernetes.io/version': expect.any(String),
        'app.kubernetes.io/component': expect.any(String),
        'app.kubernetes.io/part-of': 'holdfast',
        'app.kubernetes.io/managed-by': 'Helm',
      })
  },
)

test.skipIf(!hasHelm)('no pod but the sensor may gain rights, and that one only where it is on (needs helm)', () => {
  const pods = objectsOf(ALL).filter(({ kind }) => ['StatefulSet', 'Job', 'DaemonSet'].includes(kind))
  expect(pods.map(({ kind }) => kind).toSorted()).toEqual(['DaemonSet', 'Job', 'StatefulSet'])
  for (const { kind, spec } of pods) {
    const { hostPID, securityContext, containers } = spec.template.spec
    expect(hostPID ?? false).toBe(kind === 'DaemonSet')
    if (kind === 'DaemonSet') continue
    expect(securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } })
    for (const container of containers)
      expect(container.securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      })
  }
})

test.skipIf(!hasHelm)(
  'what it leaves in a cluster has no webhook, and holds end before the server does (needs helm)',
  () => {
    const objects = objectsOf(ALL)
    expect(kindsOf(objects).filter((kind) => kind.endsWith('WebhookConfiguration'))).toEqual([])
    const hooks = objects.filter(({ metadata }) => metadata.annotations?.['helm.sh/hook'] === 'pre-delete')
    expect(hooks.map(({ kind }) => kind).toSorted()).toEqual(['Job', 'Role', 'RoleBinding', 'ServiceAccount'])
    expect(hooks.find(({ kind }) => kind === 'Role')?.rules).toEqual([
      { apiGroups: [''], resources: ['pods/exec'], resourceNames: ['holdfast-0'], verbs: ['get', 'create'] },
    ])
  },
)

test.skipIf(!hasHelm)('the port of the server is that of its Service, whatever it is set to (needs helm)', () => {
  const workspace = objectsOf({ 'settings.http-port': '5000' }).find(
    ({ kind, metadata }) => kind === 'Service' && metadata.name === 'holdfast-workspace',
  )
  expect(workspace?.spec.ports).toEqual([{ name: 'workspace', port: 5000, targetPort: 5000 }])
})

test.skipIf(!hasHelm)('rights in single namespaces reach no node and nothing else of the cluster (needs helm)', () => {
  const objects = objectsOf({ 'response.enabled': 'true', 'response.namespaces': '{payments,support}' })
  expect(objects.filter(({ kind }) => kind === 'ClusterRoleBinding')).toEqual([])
  const bound = objects.filter(({ kind }) => kind === 'RoleBinding').map(({ metadata }) => metadata)
  expect(bound.map(({ name, namespace }) => `${namespace}/${name}`).toSorted()).toEqual([
    'holdfast/holdfast-own-namespace',
    'holdfast/holdfast-release-holds',
    'payments/holdfast-response',
    'payments/holdfast-response-network',
    'support/holdfast-response',
    'support/holdfast-response-network',
  ])
})

test.skipIf(!hasHelm).each([
  ['a name that is none', { respnse: 'x' }, 'respnse'],
  ['a port that is none', { 'settings.http-port': '70000' }, 'http-port'],
  ['a setting that the chart states itself', { 'settings.data': '/tmp' }, 'data'],
  ['a value of the sub-chart that is none', { 'sensor.hostFolder': 'relative' }, 'hostFolder'],
  ['a monitor without figures', { 'serviceMonitor.enabled': 'true' }, 'metrics.enabled'],
  ['a sensor that would look for the server by another name', NAMED_WITH_SENSOR, 'sensor.server'],
  ['figures without an account', { 'metrics.enabled': 'true' }, 'metrics.existingSecret'],
])('%s is refused (needs helm)', (_, values, named) => {
  const { status, stderr } = helm('template', setFlags(values))
  expect(status).toBe(1)
  expect(stderr).toContain(named)
})

test.skipIf(!hasHelm).each(PLAIN_MANIFESTS)('$name is what the chart gives (needs helm)', (manifest) => {
  const templates = manifest.templates.flatMap((name) => ['--show-only', `templates/${name}.yaml`])
  const { status, stdout, stderr } = helm('template', [...templates, ...setFlags(manifest.values)])
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  const text = plainText(manifest, stdout)
  if (process.env['UPDATE_GOLDEN'] !== undefined) writeFileSync(pathOf(manifest), text)
  expect(readFileSync(pathOf(manifest), 'utf8'), 'run with UPDATE_GOLDEN=1 and review the new file').toBe(text)
})
