import type { ArtifactLine, PolicyArtifact } from '@holdfast/model'
import { cloudFiles } from '../authority/cloud-files.ts'
import { clusterNetworkPolicies } from '../network/cluster-policy.ts'
import { podSecurityPatch, seccompProfileOf } from '../seccomp/kubernetes.ts'
import { pullRequestText } from './pull-request.ts'

/** A file for a repository; `path` is inside the folder that the repository gives to the agent. */
export type PolicyFile = { readonly path: string; readonly text: string }

export type GitopsOptions = {
  /** Name of the workload, as objects of the cluster carry it. */
  readonly workload: string
  /** Where a reader finds what a line rests on; a path of the workspace, or an address. */
  readonly linkOf: (artifact: PolicyArtifact, line: ArtifactLine) => string
}

/**
 * Policies as files: each document, the artifact with its lines beside it, a kustomization of what a cluster takes, and the text of a
 * pull request with the evidence of each line. JSON throughout, which is YAML to whatever reads these.
 */
export function gitopsFiles(artifacts: readonly PolicyArtifact[], options: GitopsOptions): readonly PolicyFile[] {
  if (artifacts.length === 0) return []
  const documents = artifacts.flatMap((artifact) => [
    { path: `${artifact.kind}.json`, text: jsonText(artifact.document) },
    { path: `${artifact.kind}.artifact.json`, text: jsonText(artifact) },
    ...seccompFiles(artifact, options.workload),
    ...clusterFiles(artifact),
    ...cloudFiles(artifact),
  ])
  const resources = resourcesOf(artifacts)
  return [
    ...documents,
    ...(resources.length === 0 ? [] : [{ path: 'kustomization.yaml', text: kustomization(resources) }]),
    { path: 'PULL_REQUEST.md', text: pullRequestText(artifacts, options) },
  ]
}

function seccompFiles(artifact: PolicyArtifact, workload: string): readonly PolicyFile[] {
  if (artifact.kind !== 'seccomp') return []
  return [
    { path: 'seccomp-profile.json', text: jsonText(seccompProfileOf(artifact, workload)) },
    { path: 'seccomp-patch.json', text: jsonText(podSecurityPatch(workload)) },
  ]
}

/** The same list where tenants cannot add to it; no resource of the kustomization, because it is for who runs the cluster. */
function clusterFiles(artifact: PolicyArtifact): readonly PolicyFile[] {
  if (artifact.kind !== 'network-policy') return []
  const items = clusterNetworkPolicies(artifact)
  return [{ path: 'cluster-network-policy.json', text: jsonText({ apiVersion: 'v1', kind: 'List', items }) }]
}

/**
 * What `kubectl apply -k` is to apply. Policies for the network add up, so of the two that are made of one profile the one that knows
 * names is taken: beside it the other would only let more through.
 */
function resourcesOf(artifacts: readonly PolicyArtifact[]): readonly string[] {
  const kinds = new Set(artifacts.map(({ kind }) => kind))
  return [
    ...(kinds.has('cilium-network-policy') ? ['cilium-network-policy.json'] : []),
    ...(kinds.has('network-policy') && !kinds.has('cilium-network-policy') ? ['network-policy.json'] : []),
    ...(kinds.has('seccomp') ? ['seccomp-profile.json'] : []),
  ]
}

function kustomization(resources: readonly string[]): string {
  const lines = ['apiVersion: kustomize.config.k8s.io/v1beta1', 'kind: Kustomization', 'resources:']
  return `${[...lines, ...resources.map((path) => `  - ${path}`)].join('\n')}\n`
}

function jsonText(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`
}
