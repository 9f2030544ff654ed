import { NO_ROLLOUT, withRecord, type PolicyRecord, type RolloutState } from '@holdfast/enforce'
import { canonicalJson, formatRfc3339, type PolicyArtifact, type PolicyDeed, type UnixNano } from '@holdfast/model'
import type { LogReader, Recorder } from '@holdfast/recorder'
import { oneByOne } from '../turns.ts'
import { policyRecord } from './policy-records.ts'

export type PolicyBookSources = {
  readonly recorder: Pick<Recorder, 'appendControl'>
  readonly reader: Pick<LogReader, 'controls' | 'entry'>
  readonly clock: () => UnixNano
}

/** All policies and how far their rollout is, put together from records; a step is in the log before it takes effect (FC3). */
export class PolicyBook {
  readonly #sources: PolicyBookSources
  readonly #listeners = new Set<(record: PolicyRecord) => void>()
  #state: RolloutState = NO_ROLLOUT
  /** Steps one after the other: what one is judged by is what the one before made. */
  readonly #inTurn = oneByOne()

  constructor(sources: PolicyBookSources) {
    this.#sources = sources
    for (const entry of sources.reader.controls('policy')) this.#state = withRecord(this.#state, policyRecord(entry))
  }

  get state(): RolloutState {
    return this.#state
  }

  /** Now, RFC 3339. */
  get now(): string {
    return formatRfc3339(this.#sources.clock())
  }

  artifact(id: string): PolicyArtifact | undefined {
    return this.#state.artifacts.get(id)?.artifact
  }

  /** The document of an artifact as it is applied: its canonical bytes. */
  bytesOf(id: string): string | undefined {
    const artifact = this.artifact(id)
    return artifact === undefined ? undefined : canonicalJson(artifact.document)
  }

  /** Called after each step. */
  onStep(listener: (record: PolicyRecord) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /**
   * Decides on a step and records it, alone: nothing else moves between the two. `decide` returns the step, or throws why not.
   * Returns its log position.
   */
  step(
    decide: (state: RolloutState) => Promise<PolicyDeed> | PolicyDeed,
    { reason, by }: { readonly reason: string; readonly by: string },
  ): Promise<{ readonly entry: number; readonly deed: PolicyDeed }> {
    return this.#inTurn(async () => {
      const deed = await decide(this.#state)
      const { recorder, reader, clock } = this.#sources
      const { from } = await recorder.appendControl({ kind: 'policy', deed, reason, by })
      // As the log has it, so that reading it again gives the same.
      const at = formatRfc3339(reader.entry(from)?.recordedAt ?? clock())
      const record: PolicyRecord = { entry: from, at, deed, reason, by }
      this.#state = withRecord(this.#state, record)
      for (const listener of this.#listeners) listener(record)
      return { entry: from, deed }
    })
  }
}
