import { secretSchema } from '@holdfast/connectors'
import { parseAgentId } from '@holdfast/model'
import { z } from 'zod'
import { GIT_REPOSITORIES } from '../limits.ts'

/** What a merge or a push to a branch changes: an operator's word, since a repository is no agent. */
const repositorySchema = z.strictObject({
  repository: z.string().min(1).max(300),
  agent: z
    .string()
    .refine(
      (text) => parseAgentId(text) !== undefined,
      'an agent id: k8s:cluster/namespace/workload or host:host/service',
    ),
  change: z
    .enum(['deploy', 'image', 'model', 'prompt-template', 'tool-catalogue', 'mcp-server', 'grant'])
    .default('deploy'),
  /** Only this branch; `main` unless told. */
  branch: z.string().min(1).max(200).default('main'),
})

/** A Git host that tells of merges and pushes, by a webhook that it signs. */
export const gitHookSchema = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,40}$/, 'lower-case letters, digits and dashes'),
  host: z.enum(['github', 'gitlab', 'gitea']),
  secret: secretSchema,
  repositories: z.array(repositorySchema).min(1).max(GIT_REPOSITORIES),
})

export type GitHookConfig = z.output<typeof gitHookSchema>
