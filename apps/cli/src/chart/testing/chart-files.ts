import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const DEPLOY = fileURLToPath(new URL('../../../../../deploy/', import.meta.url))
export const CHART = join(DEPLOY, 'helm', 'holdfast')

/** A plain manifest, and what the chart is told to give it. */
export type PlainManifest = {
  readonly name: string
  /** Says above it what it is; comment lines. */
  readonly header: readonly string[]
  readonly templates: readonly string[]
  readonly values: Readonly<Record<string, string>>
}

/** What a person applies who has no Helm: rendered from the chart, in the namespace `holdfast`. */
export const PLAIN_MANIFESTS: readonly PlainManifest[] = [
  {
    name: 'holdfast.yaml',
    header: [
      '# One Holdfast server in a cluster, and the way in for agents. It reads and writes nothing of the cluster: no role, no token of a',
      '# service account. The server listens on the loopback of its Pod alone; agents speak to the Collector beside it, which asks them',
      '# for the token of the Secret `holdfast-ingest`. The workspace is reached by `kubectl port-forward`. See deploy/README.md.',
    ],
    templates: ['serviceaccount', 'configmap', 'service', 'statefulset'],
    values: { 'image.repository': 'YOUR-REGISTRY/holdfast', 'ingest.existingSecret': 'holdfast-ingest' },
  },
  {
    name: 'response-rbac.yaml',
    header: [
      '# What the Kubernetes connector of Holdfast needs, and nothing else. Bind the ClusterRole with RoleBindings in single namespaces',
      '# instead of the ClusterRoleBinding where it is to reach those alone (`namespaces:` in connectors.yaml); nodes then stay out of reach.',
    ],
    templates: ['response', 'admission'],
    values: { 'response.enabled': 'true' },
  },
]

export function pathOf({ name }: PlainManifest): string {
  return join(DEPLOY, 'kubernetes', name)
}

/**
 * Of every file of the chart that a manifest is made of, by path: a schema that follows the settings, or other words for who installs,
 * change none. A plain manifest states the one that it was made of, so that it is known for stale where there is no Helm.
 */
export function chartDigest(): string {
  const hash = createHash('sha256')
  const files = readdirSync(CHART, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && !['values.schema.json', 'NOTES.txt', '.helmignore'].includes(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted()
  for (const file of files)
    hash
      .update(`${relative(CHART, file)}\0`)
      .update(readFileSync(file))
      .update('\0')
  return hash.digest('hex')
}

/** A manifest as it is kept: what only Helm is told is left out, and what it was made of is stated. */
export function plainText({ header }: PlainManifest, rendered: string): string {
  const lines = rendered
    .split('\n')
    .filter((line) => !/^# Source: |^ +(?:app\.kubernetes\.io\/managed-by|helm\.sh\/chart): /.test(line))
  const body = lines
    .join('\n')
    .replace(/^---\n/, '')
    .trimEnd()
  return `${header.join('\n')}\n# Made of deploy/helm/holdfast, sha256 ${chartDigest()}.\n${body}\n`
}
