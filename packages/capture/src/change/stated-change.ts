import { parseRfc3339, parseUnixNano } from '@holdfast/model'
import type { AgentId, EventBody, TrustTier, UnixNano } from '@holdfast/model'

/** One change as its source states it, before it is an event. Untrusted. */
export type StatedChange = Omit<Extract<EventBody, { readonly kind: 'change' }>, 'kind'>

/** What one record of a system that makes changes says. */
export type ChangeReading = {
  /** Which grammar was read: `kubernetes`, `github`, `gitlab`, `plain`. */
  readonly dialect: string
  readonly tier: TrustTier
  readonly at: UnixNano
  readonly changes: readonly StatedChange[]
  /** Whom the record itself names, where it does. */
  readonly agent: { readonly id: AgentId; readonly name: string } | undefined
}

/** When the source says it happened; 0 where it does not. */
export function timeStated(...texts: readonly (string | undefined)[]): UnixNano {
  for (const text of texts) {
    const at = parseRfc3339(text ?? '')
    if (at !== undefined) return at
  }
  return parseUnixNano(0n) as UnixNano // 0 is in range
}
