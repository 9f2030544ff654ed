import { hash } from 'node:crypto'
import type { Envelope } from '@holdfast/model'

/**
 * Names who told an entry, in every event id: 20 hex digits. Span ids are what a sender claims, and any agent can claim
 * another's; so the agent, the credential that was presented and the tier belong to the id, and what somebody else
 * sends is always another event. 80 bits of SHA-256: nobody can choose a name that meets a given one.
 */
export function sourceTag({ agent, credential, tier }: Pick<Envelope, 'agent' | 'credential' | 'tier'>): string {
  const name = JSON.stringify([agent, credential, tier])
  if (name === last.name) return last.tag
  last = { name, tag: hash('sha256', name, 'hex').slice(0, 20) }
  return last.tag
}

/** Entries come in runs of one sender; the answer is the same with and without it. */
let last: { readonly name: string; readonly tag: string } = { name: '', tag: '' }
