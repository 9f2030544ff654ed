import type { Answer } from '@holdfast/api'
import { gitopsFiles } from '@holdfast/enforce'
import type { PolicyArtifact } from '@holdfast/model'

/** Policies of one agent as files for a repository; a line's evidence is linked to the page that opens its grounds. */
export function policyFiles(artifacts: readonly PolicyArtifact[]): Answer<'exportPolicies'> {
  const [first] = artifacts
  return {
    files: [
      ...gitopsFiles(artifacts, {
        workload: first === undefined ? '' : (first.agent.split('/').at(-1) ?? first.agent),
        linkOf: ({ id }, { pointer }) => `/policies/${id}?line=${encodeURIComponent(pointer.toWellFormed())}`,
      }),
    ],
  }
}
