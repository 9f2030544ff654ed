import type { Agent, ApiEvent, ContentSlot, Conversation } from '@holdfast/api'
import { Icon } from './Icon.tsx'

const CLOCKS: Readonly<Record<Conversation['clock'], string>> = {
  live: 'the source stated real times',
  imported: 'imported: times are those of the recording, not of now',
  simulated: 'simulated: a made-up clock that an operator set',
  synthetic: 'synthetic: the recording had no times, and these were made up',
}

/** Whose clock the claimed times come from; nothing for a live one. */
export function ClockBadge({ clock }: { readonly clock: Conversation['clock'] }) {
  if (clock === 'live') return null
  return (
    <span className="badge badge-warn" title={CLOCKS[clock]}>
      {clock} clock
    </span>
  )
}

const TIERS: Readonly<Record<Agent['tier'], string>> = {
  kernel: 'seen by the kernel',
  provider: 'stated by the provider',
  boundary: 'seen at a boundary that the agent does not control',
  'self-reported': 'the agent says so itself',
}

/** Who says so. */
export function TierBadge({ tier }: { readonly tier: ApiEvent['source']['tier'] }) {
  return (
    <span className={`badge ${tier === 'self-reported' ? '' : 'badge-good'}`} title={TIERS[tier]}>
      {tier}
    </span>
  )
}

const STATES: Readonly<Record<ContentSlot['state'], { readonly badge: string; readonly says: string }>> = {
  captured: { badge: 'badge-good', says: 'captured whole' },
  truncated: { badge: 'badge-warn', says: 'cut by the source' },
  redacted: { badge: 'badge-info', says: 'credentials in it were masked' },
  suppressed: { badge: 'badge-warn', says: 'kept out by the capture policy' },
  'not-captured': { badge: 'badge-bad', says: 'never received, which is not the same as empty' },
}

export function ContentBadge({ state }: { readonly state: ContentSlot['state'] }) {
  const { badge, says } = STATES[state]
  return (
    <span className={`badge ${badge}`} title={says}>
      {state === 'not-captured' ? 'not captured' : state}
    </span>
  )
}

export function ErrorBadge({ count }: { readonly count?: number }) {
  return (
    <span className="badge badge-bad">
      <Icon name="warning" className="size-3" />
      {count === undefined ? 'error' : count}
    </span>
  )
}
