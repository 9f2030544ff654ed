import type { AgentId, ConversationId, Event, Signal } from '@holdfast/model'
import { foldPath, observationsOf } from '@holdfast/observe'
import { type AgentContext, type CaseContext, type KnownProfile, NO_CONTEXT } from '../known/case-context.ts'
import { authorityFindings } from '../signals/authority.ts'
import { definitionSignals } from '../signals/definitions.ts'
import { handOverSignals } from '../signals/hand-overs.ts'
import { type KernelContext, kernelSignals } from '../signals/kernel.ts'
import { namesOf } from '../signals/profile-departures.ts'
import { knownBefore, profileSignals } from '../signals/profile.ts'
import { changeFor, excuseLine } from '../signals/recorded-changes.ts'
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
    isOrdered,
  }: {
    readonly context: CaseContext | undefined
    readonly conversation: ConversationId
    /** What the owner ordered by name, with what its programs did. */
    readonly isOrdered: (event: Event, value?: string) => boolean
  },
): ContextSignals {
  const begun = events.reduce((first, { claimedAt }) => (claimedAt > 0n && claimedAt < first ? claimedAt : first), FAR)
  const before = (claimedAt: bigint): bigint => knownBefore(claimedAt, begun)
  const profile = profileSignals(events, { context, conversation, isOrdered })
  const kernel = kernelSignals(events, (agent) => ({ ...kernelContext(context.ofAgent(agent), before), isOrdered }))
  const authority = authorityFindings(events, (agent) => {
    const known = context.ofAgent(agent)
    const scope = known?.scope()
    return {
      profileAt: (claimedAt) => known?.authorityAt(before(claimedAt)),
      changes: known?.changes ?? [],
      ...(scope === undefined ? {} : { scope }),
    }
  })
  const excused = authority.excuses.map(({ change, event, words }): Doubt => ({
    ...excuseLine(change, words),
    events: [event.id],
    speaksFor: 'privilege-boundary-escape',
  }))
  const definitions = definitionSignals(events, { context, conversation })
  return {
    signals: [
      ...kernel,
      ...authority.signals,
      ...profile.signals,
      ...definitions.signals,
      ...handOverSignals(events, { context, conversation }),
    ],
    doubts: [...profile.excused, ...excused, ...definitions.excused],
    unprofiled: profile.unknown,
  }
}

/** After every time that a source can claim. */
const FAR = (1n << 64n) - 1n

/** What one agent is known to run, to reach and to write, by the keys of its profile as of an act. */
function kernelContext(known: AgentContext | undefined, before: (claimedAt: bigint) => bigint): KernelContext {
  if (known === undefined) return {}
  const profileOf = (claimedAt: bigint): KnownProfile | undefined => known.profileAt(before(claimedAt))
  const isKnown = (event: Event): boolean => {
    const profile = profileOf(event.claimedAt)
    if (profile === undefined) return true
    return observationsOf(event).some((seen) => {
      if (seen.kind !== 'seen') return false
      if (profile.entry(seen.dimension, seen.key) !== undefined) return true
      const names = namesOf(profile.shownAs(seen.dimension, seen.key))
      return changeFor({ at: event.claimedAt, kind: 'reach', names }, known.changes) !== undefined
    })
  }
  return {
    knowsDestination: (event) => profileOf(event.claimedAt) !== undefined && isKnown(event),
    knowsWrite: (event) => {
      const profile = profileOf(event.claimedAt)
      if (profile === undefined || profile.size('file') === 0) return true
      const path = event.body.kind === 'file' ? (event.body.to ?? event.body.path) : ''
      return profile.writesIn(folderOf(path)) || isKnown(event)
    },
    knowsProgram: (binary, claimedAt) => {
      const profile = profileOf(claimedAt)
      return (
        profile === undefined ||
        profile.size('executable') === 0 ||
        profile.entry('executable', foldPath(binary)) !== undefined
      )
    },
    othersAt: (path) => known.othersAt(folderOf(path)),
  }
}

/** The folder of a file as profiles name it. */
function folderOf(path: string): string {
  return foldPath(path.slice(0, path.lastIndexOf('/') + 1))
}
