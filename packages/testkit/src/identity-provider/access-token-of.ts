import { hash, randomBytes } from 'node:crypto'
import { walkSignIn } from './walk-sign-in.ts'

const BACK = 'http://127.0.0.1/back'

/** What an assistant has once a person let it speak for them at a resource; without one, for nobody in particular. */
export async function accessTokenOf(
  issuer: string,
  { name, resource }: { readonly name: string; readonly resource?: string },
): Promise<{ readonly accessToken: string; readonly idToken: string }> {
  const verifier = randomBytes(32).toString('base64url')
  const asked = { client_id: 'assistant', redirect_uri: BACK, ...(resource === undefined ? {} : { resource }) }
  const query = new URLSearchParams({
    ...asked,
    response_type: 'code',
    scope: 'openid profile',
    code_challenge: hash('sha256', verifier, 'base64url'),
    code_challenge_method: 'S256',
  })
  const back = await walkSignIn(`${issuer}/auth?${query.toString()}`, { name })
  const code = back.searchParams.get('code') ?? ''
  const body = new URLSearchParams({ ...asked, grant_type: 'authorization_code', code, code_verifier: verifier })
  const response = await fetch(`${issuer}/token`, { method: 'POST', body })
  const answer = (await response.json()) as { readonly access_token?: string; readonly id_token?: string } // RFC 6749
  const { access_token: accessToken, id_token: idToken } = answer
  if (accessToken === undefined || idToken === undefined) throw new Error(`no token: ${JSON.stringify(answer)}`)
  return { accessToken, idToken }
}
