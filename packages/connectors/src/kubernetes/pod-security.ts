import { ConnectorError } from '../connector-error.ts'
import type { ConnectorCheck } from '../connector.ts'
import type { KubernetesApi } from './api.ts'

/** https://kubernetes.io/docs/concepts/security/pod-security-standards/ */
const ENFORCE = 'pod-security.kubernetes.io/enforce'

/**
 * Which pods the namespace that we run in admits beside us. Whoever may start one that takes its node takes the log and its
 * keys; our own manifests hold at `restricted`.
 */
export async function checkPodSecurity(api: KubernetesApi, namespace: string): Promise<ConnectorCheck> {
  const about = { id: 'pod-security', title: `pod security of namespace ${namespace}` } as const
  const remedy = `\`kubectl label namespace ${namespace} ${ENFORCE}=restricted\` (a kernel sensor that runs as a pod needs another namespace, at privileged)`
  let level: string | undefined
  try {
    level = (await api.get(`/api/v1/namespaces/${encodeURIComponent(namespace)}`))?.metadata.labels?.[ENFORCE]
  } catch (error) {
    // Only this is not known: the cluster answered what was asked before.
    if (!(error instanceof ConnectorError) || error.code !== 'refused') throw error
    const detail = 'we may not read the namespace, so its level is not known'
    return { ...about, status: 'WARN', detail, remedy: 'kubectl apply -f deploy/kubernetes/response-rbac.yaml' }
  }
  if (level === 'restricted') return { ...about, status: 'PASS', detail: `enforces ${level}: ours run at it` }
  if (level === 'baseline')
    return {
      ...about,
      status: 'PASS',
      detail: `enforces ${level}: no pod here may take its node; ours hold at restricted`,
    }
  const detail =
    level === undefined
      ? 'it states no level to enforce: the default of the cluster holds, which no API tells'
      : `enforces ${level}: a pod of this namespace may take its node, and the log with it`
  return { ...about, status: 'WARN', detail, remedy }
}
