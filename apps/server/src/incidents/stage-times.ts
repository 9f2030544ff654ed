import { incidentNames, type NamedIncident } from '@holdfast/model'
import type { Incident } from '@holdfast/model'
import type { LogReader, ProjectionStore } from '@holdfast/recorder'
import { decode, encode } from '../inventory/docs.ts'
import { ConfirmedHolds } from './confirmed-holds.ts'
import { keys } from './keys.ts'
import { FOLDS_REMEMBERED } from './limits.ts'

/**
 * Milliseconds of the stages until an incident was named, of the deed that named it; a stage that was not seen is absent.
 * `capture`: from the deed, by the clock of who told of it, until it was durable; `baseline`: until it was folded and stood in
 * profiles; `correlation`: until its case was read and held against everything; `triage`: until the incident was durable with
 * its type and tier; `response`: until the first hold of its agent was confirmed by a probe.
 */
export type StageTimes = {
  readonly captureMs?: number
  readonly baselineMs?: number
  readonly correlationMs?: number
  readonly triageMs?: number
  readonly responseMs?: number
}

type Kept = { readonly namedAt: number; readonly times: StageTimes }

/** Measures how long it takes from a deed to its incident. What is folded anew later is not measured again. */
export class StageClock {
  readonly #reader: LogReader
  readonly #store: ProjectionStore
  readonly #now: () => number
  readonly #holds: ConfirmedHolds
  /** Log sizes that were folded, and when. */
  readonly #folds: { readonly cursor: number; readonly at: number }[] = []
  /** What stands before was named once already, or came in when nobody looked. */
  #from: number

  /** `now`: milliseconds since 1970. */
  constructor({ reader, store }: { readonly reader: LogReader; readonly store: ProjectionStore }, now: () => number) {
    this.#reader = reader
    this.#store = store
    this.#now = now
    this.#holds = new ConfirmedHolds(reader)
    this.#from = store.cursor === 0 ? reader.size() : 0
  }

  /** To be called after each batch that every projection has folded. */
  folded(cursor: number): void {
    this.#folds.push({ cursor, at: this.#now() })
    if (this.#folds.length > FOLDS_REMEMBERED) this.#folds.splice(0, this.#folds.length / 2)
  }

  /** To be called when the projections were emptied. */
  forget(): void {
    this.#folds.length = 0
    this.#from = this.#reader.size()
  }

  now(): number {
    return this.#now()
  }

  /** Measures an incident that was named just now. `readAt`: when all was known of its case. Undefined where nothing can be said. */
  named({ id, type, signals }: Incident, readAt: number): StageTimes | undefined {
    const strongest = signals
      .filter(({ speaksFor }) => speaksFor === type)
      .reduce(
        (best: Incident['signals'][number] | undefined, one) =>
          best !== undefined && best.strength >= one.strength ? best : one,
        undefined,
      )
    const index = strongest === undefined ? -1 : Math.max(-1, ...strongest.entries)
    const entry = index < this.#from ? undefined : this.#reader.entry(index)
    if (entry === undefined || strongest === undefined) return undefined
    const recordedAt = Number(entry.recordedAt / 1_000_000n)
    const claimedAt = Number(strongest.claimedAt / 1_000_000n)
    const foldedAt = this.#folds.find(({ cursor }) => cursor > index)?.at
    const namedAt = this.#now()
    const times: StageTimes = {
      // Another machine's clock may be ahead of ours: nothing is said then.
      ...(entry.envelope.clock === 'live' && claimedAt <= recordedAt ? { captureMs: recordedAt - claimedAt } : {}),
      ...(foldedAt === undefined
        ? {}
        : { baselineMs: Math.max(0, foldedAt - recordedAt), correlationMs: Math.max(0, readAt - foldedAt) }),
      triageMs: Math.max(0, namedAt - readAt),
    }
    this.#store.apply({
      cursor: this.#store.cursor,
      puts: [[keys.stageTimes(id), encode({ namedAt, times } satisfies Kept)]],
      deletes: [],
    })
    return times
  }

  /** Of an incident, as far as they were measured. */
  of(incident: NamedIncident & Pick<Incident, 'agents'>): StageTimes | undefined {
    const bytes = incidentNames(incident)
      .map((name) => this.#store.get(keys.stageTimes(name)))
      .find((one) => one !== undefined)
    if (bytes === undefined) return undefined
    const { namedAt, times } = decode<Kept>(bytes)
    const heldMs = this.#holds.firstMs(incident.agents, namedAt)
    return heldMs === undefined ? times : { ...times, responseMs: heldMs - namedAt }
  }
}
