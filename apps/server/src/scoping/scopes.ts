import type { Answer, Body } from '@holdfast/api'
import type { FrozenScope, UnixNano } from '@holdfast/model'
import type { LogReader, Recorder } from '@holdfast/recorder'
import type { DrawnScope } from './scope-answer.ts'
import type { Answers } from './answers.ts'
import { FROZEN_KEPT } from './limits.ts'

export type ScopesSources = {
  readonly recorder: Pick<Recorder, 'appendControl' | 'size'>
  readonly reader: Pick<LogReader, 'controls' | 'entry'>
  readonly views: Pick<Answers, 'ask'>
  readonly clock: () => UnixNano
}

/** A scope that was fixed, with the record that says so. */
export type Frozen = FrozenScope & { readonly entry: number; readonly at: UnixNano }

/** Scopes of incidents: drawn anew each time, and fixed by a record of what they were (FC3). */
export class Scopes {
  readonly #sources: ScopesSources
  /** The last one of each incident. */
  readonly #frozen = new Map<string, Frozen>()

  constructor(sources: ScopesSources) {
    this.#sources = sources
    for (const { record, index, recordedAt } of sources.reader.controls('scope-frozen'))
      this.#keep({ ...record, entry: index, at: recordedAt })
  }

  /** Throws `ViewError` 404 where there is no such incident. */
  async show(
    incident: string,
    query: { readonly until?: string | undefined } = {},
  ): Promise<Answer<'getIncidentScope'>> {
    // The worker's answer to this question.
    const answer = await this.#sources.views.ask('getIncidentScope', { incident, query })
    const { names, ...drawn } = JSON.parse(answer) as DrawnScope
    const frozen = this.frozenOf([...names, incident])
    if (frozen === undefined) return drawn
    const { digest, from, until, size, entry, at, reason, by } = frozen
    const isSame = digest === drawn.digest
    return { ...drawn, frozen: { digest, from, until, size, entry, at: at.toString(), reason, by, isSame } }
  }

  /** Fixes what is drawn now. Fixing the same again changes nothing. */
  async freeze(incident: string, { reason }: Body<'freezeScope'>, by: string): Promise<Answer<'freezeScope'>> {
    const { recorder, reader, clock } = this.#sources
    const { size } = recorder
    const drawn = await this.show(incident)
    if (drawn.frozen?.isSame === true) return drawn
    const record = {
      incident: drawn.incident,
      digest: drawn.digest,
      from: drawn.window.from,
      until: drawn.window.until,
      size,
      agents: drawn.agents.length,
      nodes: drawn.nodes,
      reason,
      by,
    }
    const { from: entry } = await recorder.appendControl({ kind: 'scope-frozen', ...record })
    this.#keep({ ...record, entry, at: reader.entry(entry)?.recordedAt ?? clock() })
    return await this.show(incident)
  }

  /** What was fixed last under any of these names of an incident. */
  frozenOf(names: readonly string[]): Frozen | undefined {
    return names.map((name) => this.#frozen.get(name)).find((one) => one !== undefined)
  }

  #keep(frozen: Frozen): void {
    // The newest last, so that the oldest goes first: its record stays in the log.
    this.#frozen.delete(frozen.incident)
    this.#frozen.set(frozen.incident, frozen)
    const [oldest] = this.#frozen.keys()
    if (this.#frozen.size > FROZEN_KEPT && oldest !== undefined) this.#frozen.delete(oldest)
  }
}
