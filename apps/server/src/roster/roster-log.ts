import { rosterOf, type RosterRecord, type RosterState } from '@holdfast/declare'
import { formatRfc3339 } from '@holdfast/model'
import type { ControlEntry, LogReader } from '@holdfast/recorder'
import { NOT_ADMITTED_NAMES } from './limits.ts'
import { NotAdmittedStarts } from './not-admitted.ts'

/** A roster with whom it did not admit. */
export type KnownRoster = { readonly state: RosterState; readonly notAdmitted: NotAdmittedStarts }

/** A record of the log as the roster reads it. */
export function rosterRecord({ record, index, recordedAt }: ControlEntry<'roster'>): RosterRecord {
  const { decision, reason, by } = record
  return { entry: index, at: formatRfc3339(recordedAt), decision, reason, by }
}

/** The roster of a log, read on as it grows: for a thread that has no part in deciding it. */
export class RosterLog {
  readonly #reader: Pick<LogReader, 'eachControl' | 'size'>
  readonly #mostNames: number
  readonly #decisions: RosterRecord[] = []
  /** Undefined once there are too many names to hold: they are then read from the log when they are asked for. */
  #notAdmitted: NotAdmittedStarts | undefined = new NotAdmittedStarts()
  #state: RosterState | undefined
  #read = 0
  /** Log position of the newest record that was read. */
  #newest = -1

  constructor(
    reader: Pick<LogReader, 'eachControl' | 'size'>,
    { mostNames = NOT_ADMITTED_NAMES }: { readonly mostNames?: number } = {},
  ) {
    this.#reader = reader
    this.#mostNames = mostNames
  }

  /** What people decided, in the order of the log, to its end. */
  decisions(): readonly RosterRecord[] {
    this.#catchUp()
    return this.#decisions
  }

  /** As the log has it to its end. */
  now(): RosterState {
    this.#catchUp()
    return (this.#state ??= rosterOf(this.#decisions))
  }

  /** As the log held it when it was so long. */
  at(size: number): KnownRoster {
    this.#catchUp()
    const isNow = size > this.#newest
    const state = isNow ? this.now() : rosterOf(this.#decisions.filter(({ entry }) => entry < size))
    return { state, notAdmitted: (isNow ? this.#notAdmitted : undefined) ?? new NotAdmittedStarts(this.#records(size)) }
  }

  #catchUp(): void {
    const size = this.#reader.size()
    for (const entry of this.#reader.eachControl('roster', { from: this.#read, to: size })) {
      const record = rosterRecord(entry)
      this.#newest = record.entry
      this.#read = record.entry + 1
      if (record.decision.do === 'not-admitted') this.#notAdmitted?.add(record)
      else {
        this.#decisions.push(record)
        this.#state = undefined
      }
    }
    this.#read = size
    if (this.#notAdmitted !== undefined && this.#notAdmitted.names > this.#mostNames) this.#notAdmitted = undefined
  }

  *#records(size: number): Generator<RosterRecord> {
    for (const entry of this.#reader.eachControl('roster', { to: size })) yield rosterRecord(entry)
  }
}
