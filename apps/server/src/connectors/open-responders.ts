import { setTimeout as wait } from 'node:timers/promises'
import {
  AwsResponder,
  type AwsAccess,
  type AwsConfig,
  type ConnectorClock,
  type KubernetesConfig,
  KubernetesResponder,
  loadAccess,
  type OwnMarks,
  type ResponseConnector,
} from '@holdfast/connectors'
import type { ConnectorsConfig } from './config.ts'
import { readSecret } from './secrets.ts'

const clock: ConnectorClock = { now: Date.now, wait: (ms) => wait(ms) }

/** Makes the responders of a configuration; none of them is contacted. Throws ConnectorError for what cannot be read. */
export function openResponders({ kubernetes, aws }: ConnectorsConfig, marks: OwnMarks): readonly ResponseConnector[] {
  return [
    ...kubernetes.map((config) => new KubernetesResponder({ config, access: accessTo(config), clock })),
    ...aws.map((config) => new AwsResponder({ config, access: awsAccess(config), clock, marks })),
  ]
}

function accessTo({ kubeconfig, context }: KubernetesConfig) {
  return loadAccess(
    kubeconfig === undefined
      ? { kind: 'in-cluster' }
      : { kind: 'kubeconfig', file: kubeconfig, ...(context === undefined ? {} : { context }) },
    process.env,
  )
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
