import type { FastifyReply, FastifyRequest } from 'fastify'
import { type Auth, type Caller, SESSION_COOKIE } from './auth.ts'

/** Bearer token, or session cookie. A cookie may change something only from our own pages. */
export function callerOf(auth: Auth, request: FastifyRequest, changes: boolean): Caller | undefined {
  const bearer = bearerOf(request)
  if (request.headers.authorization !== undefined) return bearer === undefined ? undefined : auth.byToken(bearer)
  const cookie = cookieOf(request)
  if (cookie === undefined) return undefined
  if (changes && !isOwnPage(request)) return undefined
  return auth.byCookie(cookie)
}

/** Pages come over HTTP, or over HTTPS where a proxy that ends TLS stands before the server. */
function isOwnPage({ headers: { host = '', origin } }: FastifyRequest): boolean {
  return origin === `http://${host}` || origin === `https://${host}`
}

function bearerOf({ headers: { authorization } }: FastifyRequest): string | undefined {
  return authorization?.startsWith('Bearer ') === true ? authorization.slice(7).trim() : undefined
}

function cookieOf(request: FastifyRequest): string | undefined {
  return cookieNamed(request, SESSION_COOKIE)
}

/** What a caller came with: a bearer token, which goes before a cookie, or a cookie. */
export function secretOf(request: FastifyRequest): { readonly of: 'program' | 'browser'; readonly secret: string } {
  return request.headers.authorization === undefined
    ? { of: 'browser', secret: cookieOf(request) ?? '' }
    : { of: 'program', secret: bearerOf(request) ?? '' }
}

export function cookieNamed(request: FastifyRequest, name: string): string | undefined {
  const pair = (request.headers.cookie ?? '').split(';').find((candidate) => candidate.trim().startsWith(`${name}=`))
  return pair?.trim().slice(name.length + 1)
}

type SessionCookie = { readonly value: string; readonly maxAgeS: number; readonly isSecure?: boolean }

/** `Set-Cookie` of a session; of none where the value is empty and `maxAgeS` 0. */
export function sessionCookie({ value, maxAgeS, isSecure = false }: SessionCookie): string {
  const secure = isSecure ? '; Secure' : ''
  return `${SESSION_COOKIE}=${value}; HttpOnly; SameSite=Strict; Path=/; Max-Age=${maxAgeS}${secure}`
}

/**
 * Opens a page of the workspace in a browser that has just got its session: a page, not a redirect, since a browser that came from
 * elsewhere would not send a SameSite=Strict cookie along with it. `path` as the URL parser writes it.
 */
export function sessionPage(reply: FastifyReply, path: string): FastifyReply {
  const place = path.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;')
  return reply
    .header('cache-control', 'no-store')
    .type('text/html')
    .send(
      `<!doctype html><meta http-equiv="refresh" content="0;url=${place}"><title>Holdfast</title><a href="${place}">Open the workspace</a>`,
    )
}
