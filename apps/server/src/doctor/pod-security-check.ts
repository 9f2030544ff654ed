import type { FoundCheck } from './found-check.ts'

type Place = {
  readonly env: Readonly<Record<string, string | undefined>>
  /** What connectors found of the systems that they reach. */
  readonly found: readonly Pick<FoundCheck, 'id'>[]
}

/** What stands in for a connector's own check of the namespace: that there is none, or that nobody could ask. */
export function podSecurityChecks({ env, found }: Place): readonly FoundCheck[] {
  const about = { id: 'pod-security', title: 'pod security level' } as const
  if (found.some(({ id }) => id === about.id)) return []
  // Set by the kubelet in every pod.
  if (env['KUBERNETES_SERVICE_HOST'] === undefined)
    return [{ ...about, status: 'PASS', detail: 'does not apply: this server is no pod of a cluster' }]
  return [
    {
      ...about,
      status: 'WARN',
      detail: 'not known: this server is a pod, and no connector with in-cluster: true reads its namespace',
      remedy:
        'name the cluster in connectors.yaml (docs/connectors.md), or look: `kubectl get namespace NAMESPACE --show-labels`',
    },
  ]
}
