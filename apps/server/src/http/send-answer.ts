import type { RouteSpec } from '@holdfast/api'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Caller } from './auth.ts'
import { etagOf, etagOfText, isHeldBy } from './conditional.ts'
import { type IdempotencyKeys, parseIdempotencyKey } from './idempotency-keys.ts'

const JSON_TYPE = 'application/json; charset=utf-8'

export type Answering = {
  readonly route: RouteSpec
  readonly request: FastifyRequest
  readonly reply: FastifyReply
}

/** Sends what a handler gave, with its ETag where the route has one. */
export function sendAnswer({ route, request, reply }: Answering, answer: unknown): FastifyReply {
  if (route.etag !== undefined) return sendTagged({ request, reply }, { of: route.etag, answer })
  return typeof answer === 'string' ? reply.type(JSON_TYPE).send(answer) : reply.send(answer)
}

/** For callers who keep an answer themselves; a browser is to keep none, since what was captured may stand in it. */
export function sendTagged(
  { request, reply }: Omit<Answering, 'route'>,
  { of, answer }: { readonly of: 'of-bytes' | 'of-member'; readonly answer: unknown },
): FastifyReply {
  const text = textOf(answer)
  const etag = of === 'of-bytes' ? etagOfText(text) : etagOf(String((answer as { readonly etag?: unknown }).etag)) // by its schema it has one
  reply.header('etag', etag).header('cache-control', 'no-store')
  if (isHeldBy(request.headers['if-none-match'], etag)) return reply.status(304).send()
  return reply.type(JSON_TYPE).send(text)
}

/**
 * Has it done once for each key that the caller states, on a route that makes something; every time where none is stated. Gives
 * what is to be answered. Throws as {@link IdempotencyKeys.once} does, and 400 for a header that is no key.
 */
export async function doneOnce(
  keys: IdempotencyKeys,
  { route, request, reply, caller, body }: Answering & { readonly caller: Caller; readonly body: unknown },
  act: () => unknown,
): Promise<unknown> {
  const key = route.idempotencyKey === true ? parseIdempotencyKey(request.headers['idempotency-key']) : undefined
  if (key === undefined) return await act()
  const place = `${route.method} ${request.url}`
  const { text, isRepeated } = await keys.once({ account: caller.name, key, place, body }, async () =>
    textOf(await act()),
  )
  if (isRepeated) reply.header('idempotent-replayed', 'true')
  return text
}

/** Some handlers pass JSON on as they were given it. */
function textOf(answer: unknown): string {
  return typeof answer === 'string' ? answer : JSON.stringify(answer)
}
