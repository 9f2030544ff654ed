import type { IncomingMessage, ServerResponse } from 'node:http'

import type { Fault } from '../fault.ts'
import { Faults } from '../fault.ts'
import { listenHere, textOf } from '../http-listen.ts'
import type { ApiUser } from './access.ts'
import { askedOf, forbiddenWords, isAllowed } from './access.ts'
import type { Outcome } from './cluster.ts'
import { Cluster, failed } from './cluster.ts'
import type { RunInPod } from './exec.ts'
import { answerExec } from './exec.ts'
import type { JsonObject } from './json.ts'
import { isObject, objectAt, textAt, told } from './json.ts'
import type { Resource, Target } from './resources.ts'
import { parseTarget, RESOURCES } from './resources.ts'
import { matchesFields, matchesLabels } from './selectors.ts'
import { unknownFields } from './validate.ts'

export type KubernetesApiServer = AsyncDisposable & {
  readonly url: string
  readonly cluster: Cluster
  readonly faults: { readonly add: (fault: Fault) => void; readonly clear: () => void }
  /** Method and path of every request, oldest first. */
  readonly requests: readonly string[]
}

type Answer = { readonly code: number; readonly body: JsonObject }

/** Requests kept for inspection. */
const MAX_KEPT = 10_000

/**
 * Starts an API server on the loopback interface with the contract of the real one, as far as a response meets it: tokens and
 * rights, access reviews, lists in pages with selectors, server-side apply with its writers and conflicts, merge patches,
 * strict validation, dry runs, preconditions. Controllers follow each write after `lag` further requests. Kinds of `lacking` are none
 * that this cluster has: nobody installed their definitions.
 */
export async function startKubernetesApi(options: {
  readonly users: ReadonlyMap<string, ApiUser>
  readonly lag?: number
  readonly lacking?: readonly Resource[]
  /** What happens in a container that somebody execs into; without it no container takes one. */
  readonly exec?: RunInPod
}): Promise<KubernetesApiServer> {
  const cluster = new Cluster()
  const faults = new Faults()
  const requests: string[] = []
  let due: number | undefined
  const listening = await listenHere(
    (request, response) => {
      serve(request, response).catch(() => response.destroy())
    },
    (request, socket) => {
      if (requests.length < MAX_KEPT) requests.push(`${request.method} ${request.url}`)
      answerExec({ request, socket }, { users: options.users, run: options.exec }).catch(() => socket.destroy())
    },
  )

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1')
    const what = `${request.method} ${url.pathname}`
    if (requests.length < MAX_KEPT) requests.push(`${what}${url.search}`)
    if (due !== undefined && --due < 0) {
      cluster.reconcile()
      due = undefined
    }
    const text = await textOf(request)
    const fault = faults.take(what)
    if (fault?.kind === 'hang') return
    if (fault?.kind === 'drop') return void response.destroy()
    if (fault?.kind === 'error')
      return send(response, statusOf(failed(fault.code ?? 500, 'InternalError', 'internal error')))
    const user = options.users.get((request.headers.authorization ?? '').replace(/^Bearer /, ''))
    if (user === undefined) return send(response, statusOf(failed(401, 'Unauthorized', 'Unauthorized')))
    const isDryRun = url.searchParams.get('dryRun') === 'All'
    const call = {
      method: request.method ?? '',
      url,
      text: text ?? '',
      user,
      isDryRun: isDryRun || fault?.kind === 'lie',
    }
    send(
      response,
      isLacking(url.pathname) ? NO_SUCH_KIND : answer(cluster, call, request.headers['content-type'] ?? ''),
    )
    if (call.method !== 'GET' && !call.isDryRun && !url.pathname.endsWith('reviews')) due = options.lag ?? 0
  }

  function isLacking(path: string): boolean {
    const target = parseTarget(path)
    return target !== undefined && options.lacking?.includes(target.resource) === true
  }

  return {
    url: listening.url,
    cluster,
    faults,
    requests,
    [Symbol.asyncDispose]: () => listening[Symbol.asyncDispose](),
  }
}

type Call = {
  readonly method: string
  readonly url: URL
  readonly text: string
  readonly user: ApiUser
  readonly isDryRun: boolean
}

function answer(cluster: Cluster, call: Call, contentType: string): Answer {
  const { method, url, user } = call
  const { pathname } = url
  if (method === 'GET' && pathname === '/version')
    return { code: 200, body: { major: '1', minor: '33', gitVersion: 'v1.33.0' } }
  const body = parseBody(call.text)
  if (body === undefined) return statusOf(failed(400, 'BadRequest', 'the body is no JSON object'))
  if (method === 'POST' && pathname === '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews')
    return review(user, body)
  const target = parseTarget(pathname)
  if (target === undefined) return NO_SUCH_KIND
  const verb = verbOf(method, target)
  if (verb === undefined) return statusOf(failed(405, 'MethodNotAllowed', `${method} is not allowed`))
  const asked = askedOf(target, verb)
  if (!isAllowed(user, asked)) return statusOf(failed(403, 'Forbidden', forbiddenWords(user, asked)))
  switch (verb) {
    case 'list':
      return listOf(cluster, target, url.searchParams)
    case 'get':
      return objectOf(cluster, target)
    case 'patch':
      return patched(cluster, target, { call, body, contentType })
    case 'delete':
      return statusOf(cluster.delete(target, body, call.isDryRun))
  }
}

function verbOf(method: string, { name }: Target): 'list' | 'get' | 'patch' | 'delete' | undefined {
  if (method === 'GET') return name === undefined ? 'list' : 'get'
  if (name === undefined) return undefined
  return method === 'PATCH' ? 'patch' : method === 'DELETE' ? 'delete' : undefined
}

function patched(
  cluster: Cluster,
  target: Target,
  { call, body, contentType }: { readonly call: Call; readonly body: JsonObject; readonly contentType: string },
): Answer {
  const query = call.url.searchParams
  const manager = query.get('fieldManager') ?? ''
  const isApply = contentType === 'application/apply-patch+yaml'
  const bad = (message: string) => statusOf(failed(400, 'BadRequest', message))
  if (!isApply && contentType !== 'application/merge-patch+json') {
    return statusOf(
      failed(415, 'UnsupportedMediaType', `the body of the request was in an unknown format: ${contentType}`),
    )
  }
  if (isApply && manager === '')
    return bad('PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch')
  if (manager.length > 128) return bad('fieldManager: Too long: may not be more than 128 bytes')
  if (!isApply && query.has('force')) return bad('force: Forbidden: may not be specified for non-apply patch')
  const { version, kind } = RESOURCES[target.resource]
  if (isApply && (textAt(body, 'apiVersion') !== version || textAt(body, 'kind') !== kind))
    return bad(`the kind of the body is not ${version} ${kind}`)
  if (isApply && body['metadata'] !== undefined && objectAt(body, 'metadata')['managedFields'] !== undefined)
    return bad('metadata.managedFields must be nil')
  const named = textAt(body, 'metadata', 'name')
  if (named !== undefined && named !== target.name)
    return bad(`the name of the object (${named}) does not match the name on the URL (${target.name})`)
  const unknown = query.get('fieldValidation') === 'Strict' ? unknownFields(target.resource, body) : []
  if (unknown.length > 0)
    return bad(`strict decoding error: ${unknown.map((field) => `unknown field "${field}"`).join(', ')}`)
  const isNew = cluster.get(target) === undefined
  const asked = askedOf(target, 'create')
  if (isNew && isApply && !isAllowed(call.user, asked))
    return statusOf(failed(403, 'Forbidden', forbiddenWords(call.user, asked)))
  return statusOf(
    cluster.patch(target, {
      how: isApply ? 'apply' : 'merge',
      body,
      manager: manager === '' ? 'unknown' : manager,
      force: query.get('force') === 'true',
      isDryRun: call.isDryRun,
    }),
  )
}

function review(user: ApiUser, body: JsonObject): Answer {
  const { verb, group = '', resource, namespace } = objectAt(body, 'spec', 'resourceAttributes')
  if (typeof verb !== 'string' || typeof resource !== 'string')
    return statusOf(failed(422, 'Invalid', 'spec.resourceAttributes: Required value'))
  const asked = { verb, group: told(group), resource, ...(typeof namespace === 'string' ? { namespace } : {}) }
  return { code: 201, body: { ...body, status: { allowed: isAllowed(user, asked) } } }
}

function objectOf(cluster: Cluster, target: Target): Answer {
  const object = cluster.get(target)
  if (object !== undefined) return { code: 200, body: object }
  return statusOf(failed(404, 'NotFound', `${target.resource} "${target.name}" not found`))
}

function listOf(cluster: Cluster, target: Target, query: URLSearchParams): Answer {
  const [labels, fields] = [query.get('labelSelector') ?? '', query.get('fieldSelector') ?? '']
  const found: JsonObject[] = []
  for (const object of cluster.list(target)) {
    const [byLabels, byFields] = [matchesLabels(labels, object), matchesFields(fields, object)]
    if (byLabels === undefined || byFields === undefined)
      return statusOf(failed(400, 'BadRequest', 'unable to parse the selector'))
    // Items of a list do not repeat what the list says of all of them.
    const { apiVersion: _version, kind: _kind, ...item } = object
    if (byLabels && byFields) found.push(item)
  }
  const from = Number(query.get('continue') ?? 0)
  const limit = Number(query.get('limit') ?? 0)
  const items = limit > 0 ? found.slice(from, from + limit) : found
  const rest = limit > 0 && from + limit < found.length ? { continue: String(from + limit) } : {}
  const { version, kind } = RESOURCES[target.resource]
  return {
    code: 200,
    body: { apiVersion: version, kind: `${kind}List`, metadata: { resourceVersion: '1', ...rest }, items },
  }
}

function statusOf(outcome: Outcome): Answer {
  if (outcome.status === 'ok') return { code: outcome.isNew ? 201 : 200, body: outcome.object }
  const { code, reason, message } = outcome
  return { code, body: { apiVersion: 'v1', kind: 'Status', status: 'Failure', code, reason, message } }
}

const NO_SUCH_KIND: Answer = statusOf(failed(404, 'NotFound', 'the server could not find the requested resource'))

function parseBody(text: string): JsonObject | undefined {
  if (text === '') return {}
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : undefined
  } catch {
    // Told as a bad request.
    return undefined
  }
}

function send(response: ServerResponse, { code, body }: Answer): void {
  response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}
