import type { FastifyRequest } from 'fastify'
import { type Auth, type Caller, SESSION_COOKIE } from './auth.ts'

/** Bearer token, or session cookie. A cookie may change something only from our own pages. */
export function callerOf(auth: Auth, request: FastifyRequest, changes: boolean): Caller | undefined {
  const header = request.headers.authorization
  if (header !== undefined) return header.startsWith('Bearer ') ? auth.byToken(header.slice(7).trim()) : undefined
  const cookie = cookieOf(request)
  if (cookie === undefined) return undefined
  const origin = request.headers.origin
  if (changes && origin !== `http://${request.headers.host ?? ''}`) return undefined
  return auth.byCookie(cookie)
}

export function cookieOf(request: FastifyRequest): string | undefined {
  const pair = (request.headers.cookie ?? '')
    .split(';')
    .find((candidate) => candidate.trim().startsWith(`${SESSION_COOKIE}=`))
  return pair?.trim().slice(SESSION_COOKIE.length + 1)
}
