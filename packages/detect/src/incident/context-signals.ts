import type { AgentId, ConversationId, Event, Signal } from '@holdfast/model'
import { type CaseContext, NO_CONTEXT } from '../known/case-context.ts'
import { authoritySignals } from '../signals/authority.ts'
import { kernelSignals } from '../signals/kernel.ts'
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
    const before = context.ofAgent(agent)?.profileAt(begun)
    if (before === undefined || before.size('executable') === 0) return {}
    return { knowsProgram: (binary) => before.entry('executable', binary) !== undefined }
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

/** After every time that a source can claim. */
const FAR = (1n << 64n) - 1n
