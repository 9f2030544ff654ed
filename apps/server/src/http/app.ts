import { existsSync, readdirSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import {
  BEHIND_HEADER,
  openApiDocument,
  routes,
  textOfSegment,
  type Answer,
  type RouteName,
  type RouteSpec,
} from '@holdfast/api'
import fastify, { type FastifyBaseLogger, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import type { Logger } from 'pino'
import { API_BODY_BYTES, BEHIND_TOLD, IMPORT_BYTES, SESSION_MS } from '../limits.ts'
import { type Auth, mayCall, type Caller } from './auth.ts'
import { callerOf, sessionCookie, sessionPage } from './credentials.ts'
import type { ProviderSignIn } from '../sign-in/provider-sign-in.ts'
import { registerSignIn } from '../sign-in/sign-in-routes.ts'
import type { GitHook } from '../drift/sources/git-hook.ts'
import type { SlackHook } from '../notices/slack-hook.ts'
import type { Handlers } from './handlers.ts'
import { ImportBodies, isHistory } from './import-bodies.ts'
import { IdempotencyKeys } from './idempotency-keys.ts'
import { HttpError, problemOf } from './problem.ts'
import { doneOnce, sendAnswer, sendTagged } from './send-answer.ts'

export type AppOptions = {
  readonly auth: Auth
  readonly handlers: Handlers
  readonly version: string
  /** Folder of the built workspace; pages are served where it exists. */
  readonly webFolder: string
  /** Where people may sign in with an identity provider. */
  readonly signIn?: ProviderSignIn | undefined
  readonly slackHook?: Pick<SlackHook, 'register'>
  readonly gitHook?: Pick<GitHook, 'register'>
  readonly metrics: () => Promise<string>
  readonly ready: () => { readonly ready: boolean; readonly checks: Readonly<Record<string, string>> }
  /** What the doctor says, at most a minute old. */
  readonly doctor: () => Promise<Answer<'doctor'>>
  /** Log entries that are recorded and not yet in every page. */
  readonly behind: () => number
  /** Told of every request but those of probes. */
  readonly onVisit: () => void
  readonly logger: Logger
}

/** The HTTP application: the route table of the API, health, metrics, sign-in and the workspace's files. */
export async function createApp(options: AppOptions): Promise<FastifyInstance> {
  const logger: FastifyBaseLogger = options.logger.child({}, { level: 'warn' })
  const app = fastify({
    bodyLimit: API_BODY_BYTES,
    routerOptions: { maxParamLength: 1_000 },
    loggerInstance: logger,
  })
  const imports = new ImportBodies()
  const keys = new IdempotencyKeys({ nowMs: () => performance.now() })
  app.addContentTypeParser(
    'application/octet-stream',
    { bodyLimit: IMPORT_BYTES },
    (request: FastifyRequest, payload: IncomingMessage) => imports.read(request, payload),
  )
  app.addHook('onRequest', async (request, reply) => {
    guardHost(request)
    if (!PROBED.has(request.url.split('?', 1)[0] ?? '')) options.onVisit()
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) reply.header(name, value)
  })
  app.setErrorHandler((error, request, reply) => answerProblem(error, request, reply))
  app.setNotFoundHandler((request, reply) => notFound(options, request, reply))
  for (const [name, route] of Object.entries<RouteSpec>(routes))
    register(app, { ...options, imports, keys }, name as RouteName, route) // the table's own keys
  registerOwn(app, options)
  await options.slackHook?.register(app)
  await options.gitHook?.register(app)
  if (existsSync(options.webFolder)) await registerPages(app, options.webFolder)
  return app
}

/** What asks of itself, every few seconds. */
const PROBED: ReadonlySet<string> = new Set(['/livez', '/readyz', '/metrics'])

/**
 * Files of the workspace, each under its own name: an address of a page holds names that senders chose, and two dots or a
 * backslash in one are no attempt to leave the folder.
 */
async function registerPages(app: FastifyInstance, folder: string): Promise<void> {
  await app.register(fastifyStatic, {
    root: join(folder, 'assets'),
    prefix: '/assets/',
    index: false,
    setHeaders: (reply, path) => cacheHeaders(reply, path),
  })
  const files = readdirSync(folder, { withFileTypes: true }).filter((file) => file.isFile())
  for (const { name } of files) app.get(`/${name}`, (_, reply) => reply.sendFile(name, folder))
}

/** Captured text is hostile: nothing that a page shows may run, frame, or fetch from anywhere else. */
const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; worker-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
}

function register(
  app: FastifyInstance,
  options: AppOptions & { readonly imports: ImportBodies; readonly keys: IdempotencyKeys },
  name: RouteName,
  route: RouteSpec,
): void {
  const callers = new WeakMap<FastifyRequest, Caller>()
  app.route({
    method: route.method,
    url: route.path.replaceAll(/\{(\w+)\}/g, ':$1'),
    ...(route.body === 'bytes' ? { bodyLimit: IMPORT_BYTES } : {}),
    // Before the body: whoever may not call a route must not make us hold what it takes.
    onRequest: async (request, reply) => {
      callers.set(request, authorise(options.auth, request, route))
      if (route.body === 'bytes') options.imports.admit(request, reply)
    },
    handler: async (request, reply) => {
      const caller = callers.get(request) ?? authorise(options.auth, request, route)
      const call = {
        params: checked(route.params, textsOf(request.params), 'path'),
        query: checked(route.query, request.query, 'query'),
        body: bodyOf(route, request),
        caller,
        request,
        reply,
      }
      // The handler's argument types follow from the same route whose schemas were just applied.
      const handler = options.handlers[name] as (given: typeof call) => unknown
      const answering = { route, request, reply, caller, body: call.body }
      const answer = await doneOnce(options.keys, answering, () => handler(call))
      if (reply.sent || reply.raw.headersSent) return reply
      const behind = route.method === 'GET' ? options.behind() : 0
      // While pages are made anew, half an answer must not look like a whole one.
      if (behind >= BEHIND_TOLD) reply.header(BEHIND_HEADER, behind)
      return sendAnswer(answering, answer)
    },
  })
}

/** Path parameters as they were before {@link pathSegment}. */
function textsOf(params: unknown): unknown {
  // The router gives one decoded text for each name of the route's path.
  const entries = Object.entries((params ?? {}) as Readonly<Record<string, string>>)
  return Object.fromEntries(entries.map(([name, segment]) => [name, textOfSegment(segment)]))
}

function authorise(auth: Auth, request: FastifyRequest, route: RouteSpec): Caller {
  const caller = callerOf(auth, request, route.method !== 'GET')
  // FC11: every route denies unless the table allows it.
  if (mayCall(caller, route.access)) return caller ?? { name: 'anyone', role: 'viewer', approves: [] }
  if (caller === undefined) {
    throw new HttpError(401, 'a token or a session that is still good is needed: `holdfast up` prints both', {
      'www-authenticate': 'Bearer realm="holdfast"',
    })
  }
  throw new HttpError(
    403,
    `${route.method} ${route.path} needs the role ${route.access}, and ${caller.name} is ${caller.role}`,
  )
}

function checked(schema: RouteSpec['params'], value: unknown, place: string): unknown {
  const parsed = schema.strict().safeParse(value ?? {})
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  throw new HttpError(
    400,
    `${place} ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not understood'}`.replace(' : ', ': '),
  )
}

function bodyOf(route: RouteSpec, request: FastifyRequest): unknown {
  if (route.body === undefined) return undefined
  if (route.body === 'bytes') {
    if (request.body instanceof Uint8Array || isHistory(request.body)) return request.body
    throw new HttpError(415, 'send the file as application/octet-stream')
  }
  const parsed = route.body.safeParse(request.body)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  throw new HttpError(400, `body ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not understood'}`)
}

function registerOwn(app: FastifyInstance, options: AppOptions): void {
  const openApi = JSON.stringify(openApiDocument(options.version))
  app.get('/api/v1/openapi.json', (request, reply) =>
    sendTagged({ request, reply }, { of: 'of-bytes', answer: openApi }),
  )
  app.get('/livez', async (_request, reply) => reply.type('text/plain').send('ok\n'))
  app.get('/readyz', async (request, reply) => {
    const { ready, checks } = options.ready()
    const isVerbose = new URL(request.url, 'http://localhost').searchParams.has('verbose')
    reply.status(ready ? 200 : 503).type(isVerbose ? 'application/json' : 'text/plain')
    if (!isVerbose) return reply.send(ready ? 'ok\n' : 'not ready\n')
    const mayRead = mayCall(callerOf(options.auth, request, false), routes.doctor.access)
    return reply.send({ ready, checks, doctor: await doctorFor(options, { mayRead }) })
  })
  app.get('/metrics', async (request, reply) => {
    authorise(options.auth, request, METRICS_ROUTE)
    return reply.type('text/plain; version=0.0.4; charset=utf-8').send(await options.metrics())
  })
  // A folder is no file: the page at the root has a route of its own.
  app.get('/', (request, reply) => {
    if (hasPages(options)) return sendPage(reply, options)
    throw new HttpError(404, 'the pages are not built: npm start builds them; the API is at /api/v1/openapi.json')
  })
  // Browsers ask for it wherever a page names no other, as those do that are no part of the workspace.
  app.get('/favicon.ico', (_request, reply) => reply.redirect('/icon.svg', 301))
  app.get('/sign-in', async (request, reply) => {
    const code = new URL(request.url, 'http://localhost').searchParams.get('code') ?? ''
    const cookie = options.auth.signIn(code)
    if (cookie === undefined) return reply.redirect('/?sign-in=expired', 303)
    return sessionPage(reply.header('set-cookie', sessionCookie({ value: cookie, maxAgeS: SESSION_MS / 1_000 })), '/')
  })
  if (options.signIn !== undefined) registerSignIn(app, options.signIn)
}

/** A probe has no credential: it gets counts. Who may read is told which agents and what would be missing of them. */
async function doctorFor({ doctor }: AppOptions, { mayRead }: { readonly mayRead: boolean }): Promise<unknown> {
  const { checks, evidence } = await doctor()
  const counts = { PASS: 0, WARN: 0, FAIL: 0 }
  for (const { status } of checks) counts[status] += 1
  const artifacts = { ready: evidence.ready, of: evidence.of }
  return mayRead ? { counts, artifacts, checks, evidence } : { counts, artifacts }
}

const METRICS_ROUTE: RouteSpec = { ...routes.getSession, path: '/metrics' }

/** A page elsewhere that rebinds its name to 127.0.0.1 sends its own name as Host. */
function guardHost(request: FastifyRequest): void {
  const host = (request.headers.host ?? '').replace(/:\d+$/, '')
  if (!['localhost', '127.0.0.1', '[::1]'].includes(host))
    throw new HttpError(421, `this server answers to localhost and 127.0.0.1, not to "${host.slice(0, 100)}"`)
}

function notFound(options: AppOptions, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const isPage =
    request.method === 'GET' && !request.url.startsWith('/api/') && (request.headers.accept ?? '').includes('text/html')
  // The workspace's own router knows its pages; every one of them is the same file.
  if (isPage && hasPages(options)) return sendPage(reply, options)
  return answerProblem(new HttpError(404, `nothing at ${request.method} ${request.url.slice(0, 200)}`), request, reply)
}

function hasPages({ webFolder }: AppOptions): boolean {
  return existsSync(`${webFolder}/index.html`)
}

function sendPage(reply: FastifyReply, { webFolder }: AppOptions): FastifyReply {
  return reply.header('cache-control', 'no-cache').sendFile('index.html', webFolder)
}

function answerProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const problem = problemOf(error)
  if (problem === undefined) request.log.error({ err: error }, 'request failed')
  const status = problem?.status ?? 500
  return reply
    .status(status)
    .headers(problem?.headers ?? {})
    .type('application/problem+json')
    .send(
      JSON.stringify({
        type: 'about:blank',
        title: TITLES.get(status) ?? 'Error',
        status,
        detail: problem?.detail ?? 'this is a fault of the server; its log says more',
      }),
    )
}

const TITLES: ReadonlyMap<number, string> = new Map([
  [400, 'Bad Request'],
  [401, 'Unauthorized'],
  [403, 'Forbidden'],
  [404, 'Not Found'],
  [409, 'Conflict'],
  [412, 'Precondition Failed'],
  [413, 'Content Too Large'],
  [415, 'Unsupported Media Type'],
  [421, 'Misdirected Request'],
  [422, 'Unprocessable Content'],
  [429, 'Too Many Requests'],
  [500, 'Internal Server Error'],
  [503, 'Service Unavailable'],
])

function cacheHeaders(reply: FastifyReply, path: string): void {
  reply.header('cache-control', path.includes('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache')
}
