import { trackOf, type TrackDecision } from '@holdfast/observe'
import type { AboutAgent } from '../inventory/inventory-queries.ts'

export type AgentTrack = TrackDecision & { readonly dataClasses: readonly string[] | undefined }

/** An agent's track, from what operators and documents state of it; the operator's word goes first. `isEnforced`: a policy of it is. */
export function agentTrack(
  about: AboutAgent | undefined,
  { isEnforced }: { readonly isEnforced: boolean },
): AgentTrack {
  const statements = about?.statements ?? {}
  const value = (field: string): string | undefined => statements[field]?.value ?? about?.declaredFacts[field]
  const classes = value('data-classes')
    ?.split(/[\s,;]+/)
    .filter((name) => name !== '')
  const { track } = statements
  const stated = track?.value === '1' || track?.value === '2' ? track : undefined
  const decision = trackOf({
    dataClasses: classes,
    isLifeSafety: isYes(value('life-safety')),
    isReportable: isYes(value('reportable')),
    stated:
      stated === undefined ? undefined : { track: stated.value === '2' ? 2 : 1, by: stated.by, reason: stated.reason },
    parity: value('parity'),
    isEnforced,
  })
  return { ...decision, dataClasses: classes }
}

function isYes(text: string | undefined): boolean {
  return text !== undefined && /^(?:yes|true|1)$/i.test(text)
}
