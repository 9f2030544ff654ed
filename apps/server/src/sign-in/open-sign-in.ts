import { readFileSync } from 'node:fs'
import { IdentityProvider } from '@holdfast/connectors'
import type { ConnectorsConfig } from '../connectors/config.ts'
import { readSecret } from '../connectors/secrets.ts'
import { ProviderSignIn, type ProviderSignInSources } from './provider-sign-in.ts'

export type SignInParts = Omit<ProviderSignInSources, 'config' | 'provider'>

/**
 * The sign-in that a configuration names; undefined where it names none. The provider is not contacted. Throws an Error for a
 * secret or a certificate that cannot be read.
 */
export function openSignIn({ 'sign-in': config }: ConnectorsConfig, parts: SignInParts): ProviderSignIn | undefined {
  if (config === undefined) return undefined
  const provider = new IdentityProvider(config, {
    clientSecret: readSecret(config['client-secret']),
    ...(config.ca === undefined ? {} : { ca: readFileSync(config.ca, 'utf8') }),
    nowMs: parts.nowMs,
  })
  return new ProviderSignIn({ ...parts, config, provider })
}
