import type { IncidentRevision, Signal } from '@holdfast/model'
import { classify } from './classify.ts'
import { MAX_REVISIONS } from './limits.ts'
import { triageOf } from './triage.ts'

/** A change of confidence that is told as one. */
const NOTABLE = 0.05

/**
 * What was known at which position of the log: a signal is known once the last entry that it rests on is there. Derived,
 * not kept, so that the same log gives the same history whenever it is asked for.
 */
export function historyOf(signals: readonly Signal[]): readonly IncidentRevision[] {
  const byPosition = Map.groupBy(signals, knownAt)
  const known: Signal[] = []
  const revisions: IncidentRevision[] = []
  let latest: IncidentRevision | undefined
  for (const position of [...byPosition.keys()].toSorted((a, b) => a - b)) {
    const news = byPosition.get(position) ?? []
    known.push(...news)
    const now = classify(known)
    if (now === undefined) continue
    const { outcome, type, confidence } = now
    const { tier } = triageOf(now)
    const before = revisions.at(-1)
    const isNews =
      before?.outcome !== outcome ||
      before.type !== type ||
      before.tier !== tier ||
      Math.abs(before.confidence - confidence) >= NOTABLE
    const because = news.toSorted((a, b) => b.strength - a.strength || (a.id < b.id ? -1 : 1))[0]?.words ?? ''
    const revision = { position, outcome, type, confidence, tier, because }
    if (isNews) revisions.push(revision)
    if (isNews || latest?.confidence !== confidence) latest = revision
  }
  // Small steps add up: the last one is where it stands now.
  if (latest !== undefined && latest !== revisions.at(-1) && latest.confidence !== revisions.at(-1)?.confidence)
    revisions.push(latest)
  return revisions.length <= MAX_REVISIONS
    ? revisions
    : [...revisions.slice(0, 1), ...revisions.slice(1 - MAX_REVISIONS)]
}

function knownAt({ entries, knownAt: stated }: Signal): number {
  return stated ?? Math.max(0, ...entries)
}
