import { createHmac, timingSafeEqual } from 'node:crypto'
import type { GitHookConfig } from './config.ts'

type Headers = Readonly<Record<string, string | readonly string[] | undefined>>

/**
 * True where the host's signature is that of this body: HMAC-SHA256 with the secret for GitHub (`x-hub-signature-256`) and
 * Gitea (`x-gitea-signature`). GitLab signs nothing and sends the secret itself (`x-gitlab-token`), so its webhook needs TLS.
 */
export function isSigned(
  host: GitHookConfig['host'],
  { headers, body, secret }: { readonly headers: Headers; readonly body: Uint8Array; readonly secret: string },
): boolean {
  const one = (name: string): string => {
    const value = headers[name]
    return typeof value === 'string' ? value : ''
  }
  switch (host) {
    case 'github':
      return isEqual(one('x-hub-signature-256'), `sha256=${hmac(secret, body)}`)
    case 'gitea':
      return isEqual(one('x-gitea-signature'), hmac(secret, body))
    case 'gitlab':
      return isEqual(one('x-gitlab-token'), secret)
  }
}

function hmac(secret: string, body: Uint8Array): string {
  return createHmac('sha256', secret).update(body).digest('hex')
}

/** In a time that does not tell how much of it was right. */
function isEqual(given: string, wanted: string): boolean {
  const [a, b] = [given, wanted].map((text) => createHmac('sha256', 'compare').update(text).digest())
  return a !== undefined && b !== undefined && given !== '' && timingSafeEqual(a, b)
}
