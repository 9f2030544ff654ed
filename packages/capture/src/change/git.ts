import { agentIdOf } from '@holdfast/model'
import { field, textField } from '../decode/any-value.ts'
import type { Json } from '../decode/any-value.ts'
import { timeStated } from './stated-change.ts'
import type { ChangeReading } from './stated-change.ts'

/**
 * A deployment as a Git host tells its webhooks: GitHub `deployment` and `deployment_status` (success alone), GitLab
 * `Deployment Hook`. A push changes a repository and no agent, so it is none. The agent is the repository's name unless a
 * frame names another.
 */
export function readGitDeployment(json: Json): ChangeReading | undefined {
  return readGithub(json) ?? readGitlab(json)
}

function readGithub(json: Json): ChangeReading | undefined {
  const deployment = field(json, 'deployment')
  const repository = textField(field(json, 'repository'), 'full_name')
  const sha = textField(deployment, 'sha')
  if (repository === undefined || sha === undefined) return undefined
  const status = field(json, 'deployment_status')
  const isDone = status === undefined || textField(status, 'state') === 'success'
  const author = textField(field(deployment, 'creator'), 'login')
  const id = idText(field(deployment, 'id'))
  const change = {
    change: 'deploy' as const,
    subject: subjectOf(repository, textField(deployment, 'environment')),
    to: sha,
    ...(id === undefined ? {} : { changeId: `github:${id}` }),
    ...(author === undefined ? {} : { author }),
  }
  return {
    dialect: 'github',
    tier: 'provider',
    at: timeStated(textField(status, 'created_at'), textField(deployment, 'created_at')),
    agent: agentOf(repository),
    changes: isDone ? [change] : [],
  }
}

function readGitlab(json: Json): ChangeReading | undefined {
  const repository = textField(field(json, 'project'), 'path_with_namespace')
  const sha = textField(json, 'short_sha')
  if (textField(json, 'object_kind') !== 'deployment' || repository === undefined || sha === undefined) return undefined
  const author = textField(field(json, 'user'), 'username')
  const id = idText(field(json, 'deployment_id'))
  const change = {
    change: 'deploy' as const,
    subject: subjectOf(repository, textField(json, 'environment')),
    to: sha,
    ...(id === undefined ? {} : { changeId: `gitlab:${id}` }),
    ...(author === undefined ? {} : { author }),
  }
  // GitLab writes `2021-04-28 21:50:00 +0200`.
  const at = textField(json, 'status_changed_at')?.replace(
    /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) ([+-]\d\d)(\d\d)$/,
    '$1T$2$3:$4',
  )
  return {
    dialect: 'gitlab',
    tier: 'provider',
    at: timeStated(at),
    agent: agentOf(repository),
    changes: textField(json, 'status') === 'success' ? [change] : [],
  }
}

function agentOf(repository: string): ChangeReading['agent'] {
  const service = repository.slice(repository.lastIndexOf('/') + 1)
  return { id: agentIdOf({ kind: 'host', service }), name: service }
}

function subjectOf(repository: string, environment: string | undefined): string {
  return environment === undefined ? repository : `${repository} in ${environment}`
}

function idText(value: Json | undefined): string | undefined {
  return typeof value === 'number' || typeof value === 'bigint' || typeof value === 'string' ? `${value}` : undefined
}
