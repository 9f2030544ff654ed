import { type Detector, SHIPPED } from '@holdfast/detect'
import type { LogReader, ProjectionStore } from '@holdfast/recorder'
import { decode, encode } from '../inventory/docs.ts'
import { keys } from '../incidents/keys.ts'
import { detectorIn } from './document.ts'

export type DetectorSources = {
  readonly store: ProjectionStore
  readonly workspace: Pick<ProjectionStore, 'cursor'>
  readonly reader: Pick<LogReader, 'eachControl'>
}

/**
 * The detector that cases are judged with: what ships, until a learned version was accepted and is in the log. Which one it
 * is stands in the projection, so that a restart judges on with the same.
 */
export class DetectorInForce {
  readonly #store: ProjectionStore
  readonly #workspace: Pick<ProjectionStore, 'cursor'>
  readonly #reader: Pick<LogReader, 'eachControl'>
  #current: Detector = SHIPPED

  constructor({ store, workspace, reader }: DetectorSources) {
    this.#store = store
    this.#workspace = workspace
    this.#reader = reader
    this.reload()
  }

  get current(): Detector {
    return this.#current
  }

  /** Reads again which version is in force; to be called when the projection was emptied. */
  reload(): void {
    const entry = this.#entryAt(keys.detectorInForce())
    this.#current = (entry === undefined ? undefined : this.#read(entry)) ?? SHIPPED
  }

  /**
   * Takes over the newest version that was folded. True where it is another one: the log is then folded again from its
   * start, so that every case is judged anew, and what was found before stays in the lists until it is.
   */
  settle(): boolean {
    // While the log is folded again, an older version comes by first.
    if (this.#store.cursor < this.#workspace.cursor) return false
    const newest = this.#entryAt(keys.detector())
    if (newest === undefined || newest === this.#entryAt(keys.detectorInForce())) return false
    this.#current = this.#read(newest) ?? SHIPPED
    this.#store.apply({ cursor: 0, puts: [[keys.detectorInForce(), encode(newest)]] })
    return true
  }

  #entryAt(key: string): number | undefined {
    const bytes = this.#store.get(key)
    return bytes === undefined ? undefined : decode<number>(bytes)
  }

  #read(entry: number): Detector | undefined {
    for (const { record } of this.#reader.eachControl('detector', { from: entry, to: entry + 1 }))
      return detectorIn(record)
    return undefined
  }
}
