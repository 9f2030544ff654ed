import { addTo } from './target.ts'
import type { Target } from './target.ts'

export type Identity = {
  /** As the one who checks it writes it: an ARN, `system:serviceaccount:ns:name`, a SPIFFE id, a user's id. */
  readonly principal: string
  readonly kind: 'service-account' | 'role' | 'user' | 'api-key' | 'process'
  /** Whom this principal acts for, where it was delegated (`act` of RFC 8693). */
  readonly onBehalfOf?: string
}

/**
 * Says as whom the current step acts. Call it inside the step that uses the credential. Never pass the credential
 * itself. False where no span is recording, so that nothing was kept.
 */
export function recordIdentity(identity: Identity, target: Target = {}): boolean {
  return addTo(target, [
    ['holdfast.identity.principal', identity.principal],
    ['holdfast.identity.kind', identity.kind],
    ['holdfast.identity.on_behalf_of', identity.onBehalfOf],
  ])
}
