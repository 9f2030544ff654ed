import { type ControlRecord, type DemoStory, isDemoAgent, type LogEntry } from '@holdfast/model'
import type { ControlEntry } from '@holdfast/recorder'

/** `before`: how far projections are folded: what was removed before that they are put together without. */
export type RemovedDemosOptions = {
  readonly records: readonly ControlEntry<'demo'>[]
  readonly before: number
}

/**
 * Which entries of the log belong to demos that were removed. A removal takes effect where it stands in the log: a projection
 * that comes to it is emptied and folded anew without them, so that it stays a function of the log alone.
 */
export class RemovedDemos {
  readonly #began = new Map<string, Begun>()
  readonly #hidden = new Map<string, Begun>()

  constructor({ records, before }: RemovedDemosOptions) {
    for (const { record, index } of records) if (index < before) this.#take(record, index)
  }

  /** True of an entry that nothing is to be folded of. */
  hides({ index, envelope: { channel, agent } }: LogEntry): boolean {
    if (this.#hidden.size === 0 || channel === 'control') return false
    for (const { at, stories } of this.#hidden.values()) if (index > at && isDemoAgent(stories, agent)) return true
    return false
  }

  /** Reads an entry that is about to be folded; true where it removes a demo that was folded until now. */
  meets({ index, envelope, body }: LogEntry): boolean {
    if (envelope.channel !== 'control' || body === undefined) return false
    const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength)
    if (!text.includes('"kind":"demo"')) return false
    const hidden = this.#hidden.size
    this.#take(JSON.parse(text.toString()) as ControlRecord, index) // under a leaf, written by the recorder from this type
    return this.#hidden.size > hidden
  }

  #take(record: ControlRecord, at: number): void {
    if (record.kind !== 'demo') return
    const { demo, deed } = record
    if (deed.do === 'began') this.#began.set(demo, { at, stories: deed.stories })
    const begun = this.#began.get(demo)
    if (deed.do === 'removed' && begun !== undefined) this.#hidden.set(demo, begun)
  }
}

/** A demo, and where in the log it began: what stood before that is none of it. */
type Begun = { readonly at: number; readonly stories: readonly DemoStory[] }
