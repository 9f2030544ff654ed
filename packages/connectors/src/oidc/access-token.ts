import { createRemoteJWKSet, customFetch, errors, type FetchImplementation, jwtVerify } from 'jose'
import { ConnectorError } from '../connector-error.ts'
import { inertLine } from '../text/inert.ts'

/** Keys of a provider, read when a token comes that names one of them. */
export type ProviderKeys = ReturnType<typeof createRemoteJWKSet>

export type TokenChecks = {
  readonly issuer: string
  /** Whom the token has to be made for. */
  readonly resource: string
  readonly keys: ProviderKeys
  readonly nowMs: number
}

export type VerifiedToken = { readonly claims: Readonly<Record<string, unknown>>; readonly expiresAtMs: number }

/** With a shared secret, whoever may check a token could make one. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519']
/** By so much may the clocks of the provider and of this machine differ. */
const TOLERANCE_S = 30

export function keysAt(url: string, fetch: FetchImplementation): ProviderKeys {
  const parsed = URL.parse(url)
  if (parsed === null) throw new ConnectorError('unusable', 'the provider names no keys')
  return createRemoteJWKSet(parsed, { [customFetch]: fetch })
}

/**
 * Holds an access token against the keys of its issuer and whom it was made for: a token for another audience, an ID token for
 * one, is not believed. Throws a ConnectorError, whose message has nothing of the token.
 */
export async function verifyToken(token: string, checks: TokenChecks): Promise<VerifiedToken> {
  const { issuer, resource, keys, nowMs } = checks
  try {
    const { payload } = await jwtVerify(token, keys, {
      issuer,
      audience: resource,
      algorithms: ALGORITHMS,
      requiredClaims: ['sub', 'exp'],
      clockTolerance: TOLERANCE_S,
      currentDate: new Date(nowMs),
    })
    return { claims: payload, expiresAtMs: (payload.exp ?? 0) * 1_000 }
  } catch (error) {
    if (error instanceof ConnectorError) throw error
    if (error instanceof errors.JWKSTimeout)
      throw new ConnectorError('unavailable', 'the provider gave no keys in time')
    const words = error instanceof Error ? error.message : 'it failed'
    throw new ConnectorError('unusable', inertLine(`the token is not believed: ${words}`, 200), { cause: error })
  }
}
