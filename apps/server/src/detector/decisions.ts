import { incidentNames, type NamedIncident } from '@holdfast/model'
import type { EventSummary } from '@holdfast/model'
import type { ProjectionStore } from '@holdfast/recorder'
import { decode, encode } from '../inventory/docs.ts'
import { keys } from '../incidents/keys.ts'
import { DECISIONS_LOOKED, DECISIONS_READ } from './limits.ts'

/** What a person said of an incident last. */
export type DecisionDoc = {
  readonly incident: string
  readonly decision: 'confirmed' | 'dismissed' | 'withdrawn'
  readonly conversations: readonly string[]
  readonly reason: string
  readonly by: string
  readonly entry: number
}

/** Notes decisions on incidents, versions of the detector and learned rules; of each, the later record holds. */
export function foldControl(puts: Map<string, Uint8Array>, { body, entry }: EventSummary): void {
  if (body.kind !== 'control') return
  const { record } = body
  if (record.kind === 'detector') puts.set(keys.detector(), encode(entry))
  if (record.kind === 'learning' && (record.do === 'applied' || record.do === 'withdrawn'))
    puts.set(keys.learned(), encode(entry))
  if (record.kind !== 'incident-decision') return
  const { kind: _kind, ...said } = record
  puts.set(keys.decision(record.incident), encode({ ...said, entry } satisfies DecisionDoc))
  puts.set(keys.decidedAt(entry), encode(record.incident))
}

/** The decision on an incident by any of the ids that it went by; the latest holds. */
export function decisionOn(store: ProjectionStore, incident: NamedIncident): DecisionDoc | undefined {
  return incidentNames(incident)
    .flatMap((name) => {
      const bytes = store.get(keys.decision(name))
      return bytes === undefined ? [] : [decode<DecisionDoc>(bytes)]
    })
    .toSorted((a, b) => b.entry - a.entry)
    .find((_, i) => i === 0)
}

/** Decisions that hold, the latest first; of more than are read, those. */
export function decisionsIn(store: Pick<ProjectionStore, 'get' | 'scan'>): readonly DecisionDoc[] {
  const found: DecisionDoc[] = []
  let looked = 0
  for (let after: string | undefined; found.length < DECISIONS_READ && looked < DECISIONS_LOOKED;) {
    const rows = store.scan({ prefix: keys.decidedAll(), limit: 256, ...(after === undefined ? {} : { after }) })
    looked += rows.length
    for (const [key, bytes] of rows) {
      after = key
      const kept = store.get(keys.decision(decode<string>(bytes)))
      const doc = kept === undefined ? undefined : decode<DecisionDoc>(kept)
      // An earlier word on the same incident stands further down.
      if (doc !== undefined && doc.decision !== 'withdrawn' && key === keys.decidedAt(doc.entry)) found.push(doc)
    }
    if (rows.length < 256) break
  }
  return found.slice(0, DECISIONS_READ)
}
