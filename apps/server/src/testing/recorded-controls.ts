import type { ControlKind, ControlRecord, UnixNano } from '@holdfast/model'
import type { ControlEntry, LogReader } from '@holdfast/recorder'

/** What the product says in a log, in memory, read as from the log; `read` counts what was given back. */
export class RecordedControls implements Pick<LogReader, 'control' | 'controls' | 'eachControl' | 'size'> {
  read = 0
  readonly #entries: ControlEntry[] = []

  constructor(records: Iterable<ControlRecord> = []) {
    for (const record of records) this.add(record)
  }

  /** Its log position. Unless told, each is recorded a nanosecond after the one before. */
  add(record: ControlRecord, recordedAt = BigInt(this.#entries.length) as UnixNano): number {
    return this.#entries.push({ index: this.#entries.length, recordedAt, record }) - 1
  }

  size(): number {
    return this.#entries.length
  }

  control(index: number): ControlEntry | undefined {
    return this.#entries[index]
  }

  controls<Kind extends ControlKind>(kind: Kind): ControlEntry<Kind>[] {
    return [...this.eachControl(kind)]
  }

  *eachControl<Kind extends ControlKind>(
    kind: Kind,
    { from = 0, to = Infinity }: { readonly from?: number; readonly to?: number } = {},
  ): Generator<ControlEntry<Kind>> {
    for (const entry of this.#entries.slice(from, to)) {
      if (entry.record.kind !== kind) continue
      this.read += 1
      yield entry as ControlEntry<Kind> // its record is of the kind
    }
  }
}
