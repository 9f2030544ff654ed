import { baselineOf } from '@holdfast/declare'
import type { StepsOfWork } from '@holdfast/detect'
import { isExcluded } from '@holdfast/observe'
import { driftOf, type Drift, type RecordedChange } from '@holdfast/reconcile'
import type { DriftChange } from '@holdfast/model'
import type { ProjectionStore } from '@holdfast/recorder'
import type { AboutAgent } from '../inventory/inventory-queries.ts'
import { exclusionsOf } from '../profile/exclusions.ts'
import { ProfileReader } from '../profile/profile-reader.ts'
import { dayOf, type AgentDoc, type DayDoc } from './docs.ts'
import type { DriftReader } from './drift-reader.ts'
import { PROFILE_DAYS } from './limits.ts'

/** All that changed of one agent up to an instant, with what it was judged by. */
export type AgentDrift = {
  readonly doc: AgentDoc
  readonly asOf: bigint
  readonly drift: Drift
  readonly changes: readonly (RecordedChange & { readonly isChurn: boolean })[]
  readonly heard: readonly { readonly day: number; readonly doc: DayDoc }[]
}

/** `until`: what was claimed after it is left out; undefined for all that is there. */
export function* agentDrift(
  reader: DriftReader,
  given: {
    readonly profile: ProjectionStore
    readonly about: AboutAgent | undefined
    readonly until: bigint | undefined
    readonly asOf: bigint
  },
): StepsOfWork<AgentDrift | undefined> {
  const doc = reader.doc()
  if (doc === undefined || doc.lastClaimed === '') return undefined
  const { asOf, until } = given
  const own = ProfileReader.open(given.profile, doc.id)
  const exclusions = own === undefined ? [] : exclusionsOf(own.marks)
  const { novelty, halfLifeDays } = baselineOf(given.about?.class ?? 'unclassified').convergence
  const to = Math.min(dayOf(asOf), dayOf(BigInt(doc.lastClaimed)))
  // The same few destinations, execution after execution.
  const shown = new Map<string, string>()
  const days = yield* reader.days({
    from: to - PROFILE_DAYS,
    to,
    until,
    // Names that were answered since change how addresses are shown.
    names: own?.doc.version ?? 0,
    shownAs: (dimension, key) => {
      const known = shown.get(key) ?? own?.shownAs(dimension, key) ?? key
      shown.set(key, known)
      return known
    },
  })
  const changes = reader.changes().filter(({ time }) => until === undefined || time <= until)
  const drift = driftOf(days, {
    agent: doc.id,
    limits: { novelty, halfLifeDays },
    changes,
    decisions: reader.decisions(),
    isTainted: (sighting) => isExcluded(exclusions, sighting),
    asOf,
  })
  return { doc, asOf, drift, changes, heard: reader.heard() }
}

/** Changes whose first or last sighting lies in the window, by side. */
export function inWindow(
  drift: Drift,
  from: string,
): { readonly evolution: DriftChange[]; readonly risky: DriftChange[] } {
  const own = drift.changes.filter(({ last }) => last >= from)
  return {
    evolution: own.filter(({ side }) => side === 'evolution'),
    risky: own.filter(({ side }) => side === 'risky'),
  }
}
