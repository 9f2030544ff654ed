import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Puts a program into a folder that stands in for kubectl (kubectl.ts), and answers its path. */
export function writeKubectl(folder: string): string {
  const path = join(folder, 'kubectl')
  const source = fileURLToPath(new URL('kubectl.ts', import.meta.url))
  writeFileSync(
    path,
    `#!/bin/sh\nexec '${process.execPath}' --disable-warning=ExperimentalWarning '${source}' "$@"\n`,
    {
      mode: 0o755,
    },
  )
  return path
}

/** A kubeconfig for it: one context for each of these users of an API server, the first one current. */
export function kubeconfigOf(
  url: string,
  contexts: readonly { readonly name: string; readonly token: string; readonly namespace?: string }[],
): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': contexts[0]?.name,
    contexts: contexts.map(({ name, namespace }) => ({
      name,
      context: { cluster: 'one', user: name, ...(namespace === undefined ? {} : { namespace }) },
    })),
    clusters: [{ name: 'one', cluster: { server: url } }],
    users: contexts.map(({ name, token }) => ({ name, user: { token } })),
  })
}
