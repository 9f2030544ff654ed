import type { AgentId, ConversationId, Event, Signal } from '@holdfast/model'
import { type AgentContext, type CaseContext, type KnownProfile, NO_CONTEXT } from '../known/case-context.ts'
import { observationsOf } from '@holdfast/observe'
import { authoritySignals } from '../signals/authority.ts'
import { type KernelContext, kernelSignals } from '../signals/kernel.ts'
import { namesOf } from '../signals/profile-departures.ts'
import { changeFor } from '../signals/recorded-changes.ts'
import { profileSignals } from '../signals/profile.ts'
import type { Doubt } from './evidence.ts'

export type ContextSignals = {
  readonly signals: readonly Signal[]
  readonly doubts: readonly Doubt[]
  /** Agents of which too little was observed before the case. */
  readonly unprofiled: readonly AgentId[]
}

/** Signals that no text is needed for: of kernel and authorities, and what departs from what is known of the agents. */
export function contextSignals(
  events: readonly Event[],
  {
    context = NO_CONTEXT,
    conversation,
  }: { readonly context: CaseContext | undefined; readonly conversation: ConversationId },
): ContextSignals {
  const begun = events.reduce((first, { claimedAt }) => (claimedAt > 0n && claimedAt < first ? claimedAt : first), FAR)
  const profile = profileSignals(events, { context, conversation })
  const kernel = kernelSignals(events, (agent) => {
    const known = context.ofAgent(agent)
    const before = known?.profileAt(begun)
    return known === undefined || before === undefined ? {} : kernelContext(known, before)
  })
  const authority = authoritySignals(events, (agent) => {
    const known = context.ofAgent(agent)
    const [before, scope] = [known?.authorityAt(begun), known?.scope()]
    return { ...(before === undefined ? {} : { profile: before }), ...(scope === undefined ? {} : { scope }) }
  })
  return {
    signals: [...kernel, ...authority, ...profile.signals],
    doubts: profile.excused,
    unprofiled: profile.unknown,
  }
}

/** What one agent is known to run, to reach and to write, by the keys of its profile. */
function kernelContext({ changes, othersAt }: AgentContext, before: KnownProfile): KernelContext {
  const isKnown = (event: Event): boolean =>
    observationsOf(event).some((seen) => {
      if (seen.kind !== 'seen') return false
      if (before.entry(seen.dimension, seen.key) !== undefined) return true
      const names = namesOf(before.shownAs(seen.dimension, seen.key))
      return changeFor({ at: event.claimedAt, kind: 'reach', names }, changes) !== undefined
    })
  return {
    knowsDestination: isKnown,
    othersAt,
    ...(before.size('executable') === 0
      ? {}
      : { knowsProgram: (binary: string) => before.entry('executable', binary) !== undefined }),
    ...(before.size('file') === 0 ? {} : { knowsWrite: isKnown }),
  }
}

/** After every time that a source can claim. */
const FAR = (1n << 64n) - 1n
