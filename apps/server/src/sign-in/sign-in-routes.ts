import type { SignInFault } from '@holdfast/api'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { cookieNamed, sessionCookie, sessionPage } from '../http/credentials.ts'
import { ATTEMPT_MS } from './limits.ts'
import { CALLBACK_PATH, type ProviderSignIn } from './provider-sign-in.ts'
import { returnPath } from './return-path.ts'

/** Held by the browser between its two visits. Lax: it has to come along when the provider sends the browser back. */
const ATTEMPT_COOKIE = 'holdfast_signing_in'

/** Adds the two addresses of a sign-in with the identity provider. What does not end in a session ends on the sign-in page. */
export function registerSignIn(app: FastifyInstance, signIn: ProviderSignIn): void {
  app.get('/sign-in/provider', async (request, reply) => {
    const { searchParams } = new URL(request.url, 'http://localhost')
    const begun = await signIn.begin(returnPath(searchParams.get('to') ?? undefined))
    if (begun.status === 'refused') return refused(reply, begun.fault)
    return reply
      .header('set-cookie', attemptCookie(signIn, { value: begun.browserSecret, maxAgeS: ATTEMPT_MS / 1_000 }))
      .header('cache-control', 'no-store')
      .redirect(begun.url, 303)
  })
  app.get(CALLBACK_PATH, async (request, reply) => {
    const { searchParams } = new URL(request.url, 'http://localhost')
    const over = attemptCookie(signIn, { value: '', maxAgeS: 0 })
    const ended = await signIn.finish(searchParams, cookieNamed(request, ATTEMPT_COOKIE))
    if (ended.status === 'refused') return refused(reply.header('set-cookie', over), ended.fault)
    const { cookie: value, lifetimeMs, returnTo } = ended
    const session = sessionCookie({ value, maxAgeS: Math.floor(lifetimeMs / 1_000), isSecure: signIn.isSecure })
    return sessionPage(reply.header('set-cookie', [over, session]), returnTo)
  })
}

function attemptCookie(
  { isSecure }: ProviderSignIn,
  { value, maxAgeS }: { readonly value: string; readonly maxAgeS: number },
): string {
  const secure = isSecure ? '; Secure' : ''
  return `${ATTEMPT_COOKIE}=${value}; HttpOnly; SameSite=Lax; Path=/sign-in/provider; Max-Age=${maxAgeS}${secure}`
}

function refused(reply: FastifyReply, fault: SignInFault): FastifyReply {
  return reply.header('cache-control', 'no-store').redirect(`/?sign-in=${fault}`, 303)
}
