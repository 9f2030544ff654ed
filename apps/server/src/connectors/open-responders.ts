import { setTimeout as wait } from 'node:timers/promises'
import {
  AwsResponder,
  type AwsAccess,
  type AwsConfig,
  type AwsCredentials,
  type BedrockConfig,
  BedrockResponder,
  ClusterPolicyObjects,
  type ConnectorClock,
  KubernetesApi,
  type KubernetesConfig,
  KubernetesResponder,
  loadAccess,
  type OwnMarks,
  PolicyObjects,
  type ResponseConnector,
} from '@holdfast/connectors'
import type { WatchedCluster } from '../drift/sources/cluster-watch.ts'
import type { PolicyCluster } from '../policy/policy-place.ts'
import type { ConnectorsConfig } from './config.ts'
import { readSecret } from './secrets.ts'

const clock: ConnectorClock = { now: Date.now, wait: (ms) => wait(ms) }

/** Makes the responders of a configuration; none of them is contacted. Throws ConnectorError for what cannot be read. */
export function openResponders(
  { kubernetes, aws, managed }: ConnectorsConfig,
  marks: OwnMarks,
): readonly ResponseConnector[] {
  return [
    ...kubernetes.map((config) => new KubernetesResponder({ config, access: accessTo(config), clock })),
    ...aws.map((config) => new AwsResponder({ config, access: awsAccess(config), clock, marks })),
    ...managed.flatMap((config) =>
      config.platform === 'bedrock' && config['hold-aliases'] === true
        ? [new BedrockResponder({ config, key: bedrockKey(config), clock, marks })]
        : [],
    ),
  ]
}

/** Clusters whose deployments are looked at for changes. */
export function watchedClusters({ kubernetes }: ConnectorsConfig): readonly WatchedCluster[] {
  return kubernetes
    .filter((config) => config['watch-changes'] === true)
    .map((config) => ({
      name: config.name,
      cluster: config.cluster,
      namespaces: config.namespaces,
      api: new KubernetesApi(accessTo(config)),
    }))
}

/** Clusters that generated policies may be put into. */
export function policyClusters({ kubernetes }: ConnectorsConfig): readonly PolicyCluster[] {
  return kubernetes
    .filter((config) => config['apply-policies'] === true || config['apply-cluster-policies'] === true)
    .map((config) => {
      const api = new KubernetesApi(accessTo(config))
      return {
        name: config.name,
        cluster: config.cluster,
        ...(config.namespaces === undefined ? {} : { namespaces: config.namespaces }),
        ...(config['apply-policies'] === true ? { objects: new PolicyObjects(api) } : {}),
        ...(config['apply-cluster-policies'] === true ? { wide: new ClusterPolicyObjects(api) } : {}),
      }
    })
}

function accessTo({ kubeconfig, context }: KubernetesConfig) {
  return loadAccess(
    kubeconfig === undefined
      ? { kind: 'in-cluster' }
      : { kind: 'kubeconfig', file: kubeconfig, ...(context === undefined ? {} : { context }) },
    process.env,
  )
}

/** Read when the first question is asked. */
export function bedrockKey({ 'access-key': key }: BedrockConfig): () => AwsCredentials | undefined {
  return () =>
    key === undefined ? undefined : { accessKeyId: readSecret(key.id), secretAccessKey: readSecret(key.secret) }
}

function awsAccess({ 'access-key': key, profile, endpoint }: AwsConfig): Omit<AwsAccess, 'region'> {
  const at = endpoint === undefined ? {} : { endpoint }
  if (profile !== undefined) return { source: { kind: 'profile', profile }, ...at }
  if (key === undefined) return { source: { kind: 'ambient' }, ...at }
  return {
    source: {
      kind: 'key',
      key: () => ({ accessKeyId: readSecret(key.id), secretAccessKey: readSecret(key.secret) }),
    },
    ...at,
  }
}
