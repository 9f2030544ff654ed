import { z } from 'zod'
import { settingSchema } from '../settings/schema.ts'
import { SETTING_NAMES, type SettingName } from '../settings/table.ts'

/**
 * Settings that the chart states itself: the folder is its volume, the address the loopback of the Pod, the sensor a chart of its
 * own, files come from Secrets and ConfigMaps, and a port that moves by itself would leave the Service behind.
 */
const STATED_BY_CHART: ReadonlySet<SettingName> = new Set([
  'data',
  'host',
  'take-next-port',
  'sensor',
  'sensor-listen',
  'rules',
  'connectors',
  'forward-otlp-headers',
])

/** What `settings:` of the chart may say: by name, as files of settings do. No probe would find a port that is any free one. */
const settingsSchema = z.strictObject(
  Object.fromEntries(
    SETTING_NAMES.filter((name) => !STATED_BY_CHART.has(name)).map((name) => [name, settingSchema(name, 1).optional()]),
  ),
)

const objectName = z.string().max(253)
const texts = z.record(z.string(), z.string())
const quantity = z.union([z.string().min(1), z.number()])
const resources = z.strictObject({
  requests: z.record(z.string(), quantity).optional(),
  limits: z.record(z.string(), quantity).optional(),
})
const switched = z.boolean()
const whole = z.record(z.string(), z.unknown())
const existing = z.strictObject({ existingSecret: objectName })

const image = z.strictObject({
  repository: z.string().min(1).describe('no image is published: build it with deploy/Containerfile'),
  tag: z.string().max(128).describe("the chart's appVersion where empty"),
  digest: z.string().regex(/^(sha256:[0-9a-f]{64})?$/),
  pullPolicy: z.enum(['Always', 'IfNotPresent', 'Never']),
})
const global = z.looseObject({ clusterName: z.string().max(256).optional() }).describe('for the sub-chart too')
const pullSecrets = z.array(z.strictObject({ name: objectName }))

/** Values of charts/sensor. */
export const sensorValuesSchema = z.strictObject({
  global: global.optional(),
  enabled: switched,
  image,
  imagePullSecrets: pullSecrets,
  namespace: objectName,
  server: z.string().regex(/^(https:\/\/.+:\d+)?$/, 'https://HOST:PORT'),
  tokenSecret: objectName.min(1),
  hostFolder: z.string().startsWith('/'),
  resources,
  nodeSelector: texts,
  tolerations: z.array(whole),
  priorityClassName: objectName,
})

/** Values of deploy/helm/holdfast; values.yaml states every one, so that a name that is none is refused. */
export const valuesSchema = z.strictObject({
  global,
  image,
  imagePullSecrets: pullSecrets,
  nameOverride: objectName,
  fullnameOverride: objectName,
  settings: settingsSchema,
  logLevel: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']),
  ingest: z.strictObject({ existingSecret: objectName, tls: existing }),
  service: z.strictObject({ type: z.enum(['ClusterIP', 'NodePort', 'LoadBalancer']), annotations: texts }),
  collector: z.strictObject({ image: z.string().min(1), resources }),
  resources,
  persistence: z.strictObject({ size: z.string().min(1), storageClass: objectName, existingClaim: objectName }),
  connectors: existing,
  forwardOtlpHeaders: existing,
  rules: z.strictObject({ existingConfigMap: objectName }),
  response: z.strictObject({
    enabled: switched.describe('rights to hold workloads'),
    namespaces: z.array(z.string().regex(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/)).max(200),
    networkPolicies: switched,
    nodes: switched,
    watchChanges: switched,
    clusterPolicies: switched,
  }),
  uninstall: z.strictObject({ releaseHolds: switched }),
  metrics: z.strictObject({ enabled: switched, existingSecret: objectName }),
  serviceMonitor: z.strictObject({
    enabled: switched,
    interval: z.string().regex(/^\d+(ms|s|m)$/),
    labels: texts,
  }),
  networkPolicy: z.strictObject({
    enabled: switched,
    agentNamespaces: z.array(texts),
    metricsNamespaces: z.array(texts),
    egress: z.array(whole),
  }),
  nodeSelector: texts,
  tolerations: z.array(whole),
  affinity: whole,
  priorityClassName: objectName,
  podAnnotations: texts,
  sensor: sensorValuesSchema.partial(),
})

/** The JSON Schema of a chart's values, in the draft that every Helm 3 reads. */
export function valuesJsonSchema(schema: z.ZodType): object {
  return z.toJSONSchema(schema, { target: 'draft-7', io: 'input' })
}
