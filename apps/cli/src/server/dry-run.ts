import { pathOf, routes, type CallOptions, type RouteName, type RouteSpec } from '@holdfast/api'
import { CliError } from '../cli-error.ts'
import type { CliContext } from '../context.ts'
import { inert } from '../render/inert.ts'
import { jsonText } from '../render/json.ts'

/** Requests that carry a question in their body and leave nothing behind. */
const ONLY_ASK: ReadonlySet<RouteName> = new Set(['simulatePolicy', 'verifyPolicies', 'rehearseSkill'])

/**
 * Ends a dry run at the first request that would change something: prints it, as JSON, after it was held against the schema that the
 * server would hold it against. Questions pass.
 */
export function refuseToWrite<N extends RouteName>(context: CliContext, name: N, options: CallOptions<N> = {}): void {
  const route: RouteSpec = routes[name]
  if (route.method === 'GET' || ONLY_ASK.has(name)) return
  const { params, query, body } = options
  const request = {
    dryRun: true,
    does: route.summary,
    method: route.method,
    path: pathOf(route, params, query),
    ...(body === undefined ? {} : { body: shownBody(route, body) }),
  }
  context.stdout.write(`${jsonText(request, 2)}\n`)
  throw new CliError('done', 'dry run: nothing was written; what would follow depends on what the server answers')
}

function shownBody({ body: schema }: RouteSpec, body: unknown): unknown {
  if (body instanceof Uint8Array) return { bytes: body.byteLength }
  if (body instanceof Blob) return { bytes: body.size }
  const checked = typeof schema === 'object' ? schema.safeParse(body) : undefined
  if (checked?.success === false) {
    const [issue] = checked.error.issues
    throw new CliError(
      'usage',
      inert(`${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not as the server takes it'}`),
    )
  }
  return body
}
