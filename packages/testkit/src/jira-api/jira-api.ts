import {
  type ServiceFault,
  jsonOf,
  type LocalAnswer,
  type LocalHttp,
  type LocalRequest,
  startLocalHttp,
} from '../local-http.ts'

type Json = Readonly<Record<string, unknown>>

export type JiraIssue = {
  readonly key: string
  readonly fields: Json
  readonly comments: { readonly body: unknown; readonly properties: unknown }[]
  status: string
}

export type JiraServer = LocalHttp & { readonly issues: readonly JiraIssue[] }

const TRANSITIONS = [
  { id: '21', name: 'In Progress' },
  { id: '31', name: 'Done' },
]

/**
 * A Jira Cloud site with one project, REST v3: create, search by JQL (project and one label), comments with properties,
 * transitions. Documents are checked as the Atlassian Document Format, and errors have Jira's shape.
 */
export async function startJira(options: {
  readonly email: string
  readonly token: string
  readonly project: string
  readonly faults?: ServiceFault[]
}): Promise<JiraServer> {
  const { email, token, project, faults = [] } = options
  const issues: JiraIssue[] = []
  const authorization = `Basic ${Buffer.from(`${email}:${token}`).toString('base64')}`
  const answer = (request: LocalRequest): LocalAnswer => {
    const fault = faults.shift()
    if (fault === 'rate-limited') return { code: 429, headers: { 'retry-after': '1' } }
    if (fault === 'unavailable') return { code: 503 }
    if (fault === 'breaks-off') return { code: 0, breaksOff: true }
    if (request.headers.authorization !== authorization)
      return problem(401, 'Client must be authenticated to access this resource.')
    const result = work(issues, project, request)
    return fault === 'breaks-off-after' ? { code: 0, breaksOff: true } : result
  }
  const server = await startLocalHttp(answer)
  return { ...server, issues, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() }
}

function work(issues: JiraIssue[], project: string, { method, url, body }: LocalRequest): LocalAnswer {
  const path = url.pathname.replace('/rest/api/3/', '')
  const read = method === 'POST' ? (jsonOf(body) as Json | undefined) : {} // what is wrong with it is found by each
  if (read === undefined) return problem(400, 'There was an error parsing JSON.')
  if (method === 'POST' && path === 'search/jql') return search(issues, read)
  if (method === 'POST' && path === 'issue') return create(issues, project, read)
  const [, key, part] = /^issue\/([A-Z0-9]+-\d+)\/(comment|transitions)$/.exec(path) ?? []
  const issue = issues.find((one) => one.key === key)
  if (issue === undefined) return problem(404, 'Issue does not exist or you do not have permission to see it.')
  if (part === 'comment' && method === 'POST') {
    if (!isDocument(read['body'])) return problem(400, 'Comment body is not valid!')
    issue.comments.push({ body: read['body'], properties: read['properties'] ?? [] })
    return { code: 201, body: JSON.stringify({ id: String(issue.comments.length) }) }
  }
  if (part === 'comment') return ok({ comments: issue.comments.toReversed(), total: issue.comments.length })
  if (method === 'GET') return ok({ transitions: issue.status === 'Done' ? [] : TRANSITIONS })
  const wanted = (read['transition'] as Json | undefined)?.['id'] // the documented shape
  const transition = TRANSITIONS.find(({ id }) => id === wanted)
  if (transition === undefined || issue.status === 'Done')
    return problem(400, 'Transition id is not valid for this issue.')
  issue.status = transition.name
  return { code: 204 }
}

function search(issues: readonly JiraIssue[], { jql }: Json): LocalAnswer {
  const [, project, label] = /^project = "([A-Z0-9_]+)" AND labels = "([^" ]+)"$/.exec(String(jql)) ?? []
  if (project === undefined || label === undefined) return problem(400, 'Error in the JQL Query')
  const found = issues.filter(({ fields }) => (fields['labels'] as readonly string[]).includes(label)) // checked by create
  return ok({ issues: found.map(({ key }) => ({ key })), isLast: true })
}

function create(issues: JiraIssue[], project: string, read: Json): LocalAnswer {
  const fields = (read['fields'] ?? {}) as Json // each is checked
  const { summary, labels, description } = fields
  const errors: Record<string, string> = {}
  if ((fields['project'] as Json | undefined)?.['key'] !== project) errors['project'] = 'valid project is required'
  if (typeof (fields['issuetype'] as Json | undefined)?.['name'] !== 'string')
    errors['issuetype'] = 'Specify a valid issue type'
  if (typeof summary !== 'string' || summary.trim() === '')
    errors['summary'] = 'You must specify a summary of the issue.'
  else if (summary.length > 255 || /[\r\n]/.test(summary))
    errors['summary'] = 'Summary must be less than 255 characters and one line.'
  if (
    !Array.isArray(labels) ||
    labels.some((label) => typeof label !== 'string' || /\s/.test(label) || label.length > 255)
  )
    errors['labels'] = 'The label contains spaces which is invalid.'
  if (!isDocument(description)) errors['description'] = 'Operation value must be an Atlassian Document'
  if (Object.keys(errors).length > 0) return { code: 400, body: JSON.stringify({ errorMessages: [], errors }) }
  const key = `${project}-${issues.length + 1}`
  issues.push({ key, fields, comments: [], status: 'To Do' })
  return { code: 201, body: JSON.stringify({ id: String(10_000 + issues.length), key }) }
}

/** Atlassian Document Format as far as it is used here; an empty text node and an unknown node are refused, as Jira does. */
function isDocument(value: unknown): boolean {
  const { version, type, content } = (value ?? {}) as Json // anything else fails below
  return version === 1 && type === 'doc' && Array.isArray(content) && content.every((node) => isNode(node as Json))
}

function isNode({ type, content, text, marks }: Json): boolean {
  const children = Array.isArray(content) ? (content as readonly Json[]) : []
  switch (type) {
    case 'text':
      return typeof text === 'string' && text !== '' && (marks === undefined || Array.isArray(marks))
    case 'paragraph':
      return children.every((child) => child['type'] === 'text' && isNode(child))
    case 'bulletList':
      return children.length > 0 && children.every((child) => child['type'] === 'listItem' && isNode(child))
    case 'listItem':
      return children.length > 0 && children.every((child) => child['type'] === 'paragraph' && isNode(child))
    default:
      return false
  }
}

function ok(body: Json): LocalAnswer {
  return { code: 200, body: JSON.stringify(body) }
}

function problem(code: number, message: string): LocalAnswer {
  return { code, body: JSON.stringify({ errorMessages: [message], errors: {} }) }
}
