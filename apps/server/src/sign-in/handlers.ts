import type { SignInFault } from '@holdfast/api'
import type { Handlers } from '../http/handlers.ts'
import { HttpError } from '../http/problem.ts'
import type { ProviderSignIn } from './provider-sign-in.ts'

type Sources = { readonly signIn: Pick<ProviderSignIn, 'offer' | 'exchange'> | undefined }

/** How one signs in here, and programs with an access token of the identity provider. */
export function signInHandlers({ signIn }: Sources): Pick<Handlers, 'getSignIn' | 'exchangeToken'> {
  return {
    getSignIn: async () => (signIn === undefined ? {} : { provider: signIn.offer }),
    exchangeToken: async ({ body }) => {
      if (signIn === undefined) throw new HttpError(404, 'no identity provider is configured here')
      const ended = await signIn.exchange(body.token, body.resource)
      if (ended.status === 'refused') throw refusal(ended.fault)
      const { token, lifetimeMs, name, role } = ended
      return { token, expiresInMs: lifetimeMs, name, role }
    },
  }
}

/** The reason in full is in the log; who asks is told what to do. */
function refusal(fault: SignInFault): HttpError {
  switch (fault) {
    case 'unreachable':
      return new HttpError(503, 'the identity provider does not answer: try again', { 'retry-after': '5' })
    case 'unverified':
    case 'declined':
    case 'stale':
    case 'expired':
      return new HttpError(401, 'the access token is not believed: it is over, or was made for somebody else', {
        'www-authenticate': 'Bearer realm="holdfast", error="invalid_token"',
      })
    case 'not-mapped':
    case 'no-name':
    case 'name-taken':
    case 'revoked':
    case 'full':
      return new HttpError(403, `nobody is let in with this access token: ${fault}; the log says more under sign-in`)
  }
}
