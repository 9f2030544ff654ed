import type { CaseEvidence } from '@holdfast/detect'
import type { Incident, UnixNano } from '@holdfast/model'
import { decode } from '../inventory/docs.ts'

/** A row of the list: what is known of an incident without reading it again. Times in decimal nanoseconds. */
export type IncidentRow = Pick<
  Incident,
  | 'id'
  | 'alsoKnownAs'
  | 'earlierIds'
  | 'outcome'
  | 'standing'
  | 'type'
  | 'contributing'
  | 'confidence'
  | 'headline'
  | 'agents'
  | 'conversations'
  | 'tier'
> & {
  readonly triage: Incident['triage']['tier']
  readonly firstClaimed: string
  readonly lastClaimed: string
  /** Log position of what was logged last of its acts. */
  readonly lastActEntry: number
  /** When the latest of them claims to have been; absent where persons alone tell of it. */
  readonly lastActClaimed?: string
  /** Digest of what its repeats share. */
  readonly group: string
  /** Digest of what they share with those of other agents. */
  readonly kind: string
}

/** Repeats of one incident, shown as one row. */
export type GroupDoc = {
  readonly count: number
  readonly first: IncidentRow
  readonly lastClaimed: string
  /** Of all of them the greatest log position of an act. */
  readonly lastActEntry: number
  /** When one of them came or changed last, milliseconds since 1970 by our clock; absent where that was before it was kept. */
  readonly filedMs?: number
  /** Agents in whose lists it stands. */
  readonly agents: readonly string[]
}

export type EvidenceDoc = CaseEvidence & {
  readonly traces: readonly string[]
  /** The incident that was made of it, with others or alone. */
  readonly incident?: string
}

/** Evidence as kept: its times are text there. */
export function decodeEvidence(bytes: Uint8Array): EvidenceDoc {
  const doc = decode<EvidenceDoc>(bytes)
  return {
    ...doc,
    // Written by `encode`, which makes decimal text of a UnixNano.
    signals: doc.signals.map(({ acts, lastClaimedAt, ...signal }) => ({
      ...signal,
      claimedAt: BigInt(signal.claimedAt) as UnixNano,
      ...(acts === undefined ? {} : { acts: acts.map((at) => BigInt(at) as UnixNano) }),
      ...(lastClaimedAt === undefined ? {} : { lastClaimedAt: BigInt(lastClaimedAt) as UnixNano }),
    })),
  }
}
