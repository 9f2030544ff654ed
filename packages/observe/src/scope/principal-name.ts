import type { AuthPlane } from '@holdfast/model'

/** The plane whose grants a principal's name belongs to; undefined where the name does not tell. */
export function planeOfPrincipal(id: string): AuthPlane | undefined {
  if (id.startsWith('arn:')) return 'aws'
  if (id.startsWith('system:')) return 'kubernetes'
  return /gserviceaccount\.com$|^serviceAccount:|^principal(Set)?:\/\//.test(id) ? 'gcp' : undefined
}

/**
 * One name for one principal, however it was told: a session of a role is the role, the path of a role or user is left out
 * (its name is unique in the account), and Google's prefixes go.
 */
export function principalName(id: string): string {
  const session = /^arn:([^:]+):sts::([^:]*):assumed-role\/(.+)\/[^/]*$/.exec(id)
  if (session !== null) return `arn:${session[1]}:iam::${session[2]}:role/${lastOf(session[3] ?? '')}`
  const named = /^(arn:[^:]+:iam::[^:]*:(?:role|user|group)\/)(.+)$/.exec(id)
  if (named !== null) return `${named[1]}${lastOf(named[2] ?? '')}`
  return id.replace(/^(serviceAccount|user|group):/, '')
}

/** The session by which a role's credentials came from the node that a process runs on: EC2 names it by the instance. */
export function nodeOfSession(id: string, session: string | undefined): string | undefined {
  const name = session ?? /:assumed-role\/.+\/([^/]+)$/.exec(id)?.[1]
  return name !== undefined && /^i-[0-9a-f]{8,17}$/.test(name) ? `node ${name}` : undefined
}

/**
 * Names under which bindings may speak of a principal, each with what hands it down where the name is not its own:
 * groups that the API server adds to every service account, and the short name of an inline policy's holder.
 */
export function namesOf(id: string): readonly { readonly name: string; readonly ancestor?: string }[] {
  const own = principalName(id)
  const short = /:((?:role|user|group)\/[^/]+)$/.exec(own)?.[1]
  const account = /^system:serviceaccount:([^:]+):/.exec(own)?.[1]
  const groups =
    account === undefined ? [] : [`system:serviceaccounts:${account}`, 'system:serviceaccounts', 'system:authenticated']
  const everyone = own.includes('@') ? ['allAuthenticatedUsers', 'allUsers'] : []
  return [
    { name: own },
    ...(short === undefined ? [] : [{ name: short }]),
    ...[...groups, ...everyone].map((name) => ({ name, ancestor: `group ${name}` })),
  ]
}

function lastOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}
