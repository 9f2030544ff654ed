import type { Answer } from '@holdfast/api'
import type { PolicyArtifact } from '@holdfast/model'

/** Policies as files: each layer its document, and beside it the lines with what they rest on. */
export function policyFiles(artifacts: readonly PolicyArtifact[]): Answer<'exportPolicies'> {
  return {
    files: artifacts.flatMap(({ document, ...artifact }) => [
      { path: `${artifact.kind}.json`, text: jsonText(document) },
      { path: `${artifact.kind}.artifact.json`, text: jsonText({ ...artifact, document }) },
    ]),
  }
}

function jsonText(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`
}
