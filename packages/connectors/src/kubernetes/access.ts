import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'

import { parse } from 'yaml'
import { z } from 'zod'

import { ConnectorError, wordsOf } from '../connector-error.ts'
import { MAX_KUBECONFIG_BYTES } from './limits.ts'

/** How an API server is reached, and as whom. */
export type KubernetesAccess = {
  readonly url: string
  /** Certificates (PEM) that the server's own must lead to; the system's where absent. */
  readonly authority?: string
  /** Asked before each request: tokens of service accounts are exchanged while we run. */
  readonly token?: () => string
  readonly certificate?: { readonly cert: string; readonly key: string }
  /** Of the pod that we run in; undefined where we run elsewhere. */
  readonly namespace?: string
}

export type AccessSource =
  | { readonly kind: 'in-cluster' }
  | { readonly kind: 'kubeconfig'; readonly file: string; readonly context?: string }

const SERVICE_ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount'

const secretText = z.string().min(1)
const kubeconfigSchema = z.looseObject({
  'current-context': z.string().optional(),
  contexts: z.array(
    z.looseObject({ name: z.string(), context: z.looseObject({ cluster: z.string(), user: z.string() }) }),
  ),
  clusters: z.array(
    z.looseObject({
      name: z.string(),
      cluster: z.looseObject({
        server: z.url(),
        'certificate-authority': z.string().optional(),
        'certificate-authority-data': z.string().optional(),
        'insecure-skip-tls-verify': z.boolean().optional(),
      }),
    }),
  ),
  users: z.array(
    z.looseObject({
      name: z.string(),
      user: z.looseObject({
        token: secretText.optional(),
        tokenFile: z.string().optional(),
        'client-certificate': z.string().optional(),
        'client-certificate-data': z.string().optional(),
        'client-key': z.string().optional(),
        'client-key-data': z.string().optional(),
        exec: z.unknown().optional(),
        'auth-provider': z.unknown().optional(),
      }),
    }),
  ),
})

type Kubeconfig = z.output<typeof kubeconfigSchema>
type KubeconfigUser = Kubeconfig['users'][number]['user']

/** Reads where the API server is and who we are there. Throws ConnectorError `unusable`; its message holds no secret. */
export function loadAccess(source: AccessSource, env: Readonly<Record<string, string | undefined>>): KubernetesAccess {
  const access = source.kind === 'in-cluster' ? inCluster(env) : fromKubeconfig(source)
  const { protocol, hostname } = new URL(access.url)
  if (protocol !== 'https:' && !/^(127\.|\[::1\]$|localhost$)/.test(hostname)) {
    throw new ConnectorError('unusable', `${access.url}: a token goes over https only`)
  }
  return access
}

function inCluster(env: Readonly<Record<string, string | undefined>>): KubernetesAccess {
  const host = env['KUBERNETES_SERVICE_HOST']
  if (host === undefined) throw new ConnectorError('unusable', 'in-cluster: this is no pod of a cluster')
  const port = env['KUBERNETES_SERVICE_PORT'] ?? '443'
  return {
    url: `https://${host.includes(':') ? `[${host}]` : host}:${port}`,
    authority: readText(`${SERVICE_ACCOUNT}/ca.crt`),
    token: () => readText(`${SERVICE_ACCOUNT}/token`).trim(),
    // A volume that somebody projected by hand may lack it.
    ...(existsSync(`${SERVICE_ACCOUNT}/namespace`)
      ? { namespace: readText(`${SERVICE_ACCOUNT}/namespace`).trim() }
      : {}),
  }
}

function fromKubeconfig({ file, context }: Extract<AccessSource, { kind: 'kubeconfig' }>): KubernetesAccess {
  const config = parseKubeconfig(file)
  const wanted = context ?? config['current-context']
  const chosen = config.contexts.find(({ name }) => name === wanted)?.context
  if (chosen === undefined) throw new ConnectorError('unusable', `${file}: there is no context "${wanted ?? ''}"`)
  const cluster = config.clusters.find(({ name }) => name === chosen.cluster)?.cluster
  const user = config.users.find(({ name }) => name === chosen.user)?.user
  if (cluster === undefined || user === undefined) {
    throw new ConnectorError('unusable', `${file}: context "${wanted}" names a cluster or user that is not there`)
  }
  if (cluster['insecure-skip-tls-verify'] === true) {
    throw new ConnectorError('unusable', `${file}: insecure-skip-tls-verify would hand the token to anybody`)
  }
  const folder = dirname(resolve(file))
  const read = (data: string | undefined, path: string | undefined): string | undefined =>
    data !== undefined
      ? Buffer.from(data, 'base64').toString('utf8')
      : path === undefined
        ? undefined
        : readText(resolve(folder, path))
  const authority = read(cluster['certificate-authority-data'], cluster['certificate-authority'])
  const cert = read(user['client-certificate-data'], user['client-certificate'])
  const key = read(user['client-key-data'], user['client-key'])
  const token = tokenOf(user, folder)
  if (token === undefined && (cert === undefined || key === undefined)) {
    throw new ConnectorError('unusable', `${file}: ${whyNobody(user)}`)
  }
  return {
    url: cluster.server,
    ...(authority === undefined ? {} : { authority }),
    ...(token === undefined ? {} : { token }),
    ...(cert === undefined || key === undefined ? {} : { certificate: { cert, key } }),
  }
}

function parseKubeconfig(file: string): Kubeconfig {
  if (sizeOf(file) > MAX_KUBECONFIG_BYTES) throw new ConnectorError('unusable', `${file} is too large to be one`)
  let value: unknown
  try {
    value = parse(readText(file), { maxAliasCount: 0 })
  } catch (error) {
    if (error instanceof ConnectorError) throw error
    // A parser quotes the line that it stumbled over, and that line may be a secret.
    throw new ConnectorError('unusable', `${file} is no YAML`)
  }
  const parsed = kubeconfigSchema.safeParse(value)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  throw new ConnectorError('unusable', `${file}: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not understood'}`)
}

function tokenOf(user: KubeconfigUser, folder: string): (() => string) | undefined {
  const { token, tokenFile } = user
  if (tokenFile !== undefined) return () => readText(resolve(folder, tokenFile)).trim()
  return token === undefined ? undefined : () => token
}

function whyNobody(user: KubeconfigUser): string {
  return user.exec !== undefined || user['auth-provider'] !== undefined
    ? 'its user asks a program for a token, which is not run here: give a service account token (tokenFile)'
    : 'its user has neither token nor client certificate'
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new ConnectorError('unusable', `${path} cannot be read: ${wordsOf(error)}`, { cause: error })
  }
}

function sizeOf(path: string): number {
  try {
    return statSync(path).size
  } catch (error) {
    throw new ConnectorError('unusable', `${path} cannot be read: ${wordsOf(error)}`, { cause: error })
  }
}
