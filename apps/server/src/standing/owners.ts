import { incidentNames, type NamedIncident } from '@holdfast/model'
import type { Answer, Body } from '@holdfast/api'
import type { ControlRecordOf, UnixNano } from '@holdfast/model'
import type { LogReader, Recorder } from '@holdfast/recorder'
import { HttpError } from '../http/problem.ts'
import { OWNERS_KEPT } from './limits.ts'

export type OwnerSources = {
  readonly recorder: Pick<Recorder, 'appendControl'>
  readonly reader: Pick<LogReader, 'eachControl' | 'entry'>
}

type Owner = NonNullable<Answer<'getIncidentStanding'>['owner']>
type OwnerRecord = ControlRecordOf<'incident-owner'>

/** Who has which incident in hand: the newest record of each holds. */
export class Owners {
  readonly #sources: OwnerSources
  /** The one that was decided longest ago first; undefined where it was given back. */
  readonly #kept = new Map<string, Owner | undefined>()

  constructor(sources: OwnerSources) {
    this.#sources = sources
    for (const { record, index, recordedAt } of sources.reader.eachControl('incident-owner'))
      this.#note(record, { entry: index, at: recordedAt })
  }

  /** Under any name that the incident has or had: what was decided last. */
  of(incident: NamedIncident): Owner | undefined {
    const known = incidentNames(incident).flatMap((name) => this.#kept.get(name) ?? [])
    return known.toSorted((a, b) => b.entry - a.entry)[0]
  }

  /** Takes it, from whoever has it, or gives it back. Throws 409 where that changes nothing. */
  async decide(incident: NamedIncident, { do: what, reason = '' }: Body<'ownIncident'>, by: string): Promise<void> {
    const before = this.of(incident)
    if (what === 'take' && before?.by === by) throw new HttpError(409, 'it is yours already')
    if (what === 'give-back' && before?.by !== by)
      throw new HttpError(409, before === undefined ? 'nobody has it' : `${before.by} has it: take it first`)
    const { recorder, reader } = this.#sources
    // Under the name that it was taken by, so that giving it back is of the same one.
    const names = incidentNames(incident)
    const name = names.find((one) => this.#kept.get(one)?.entry === before?.entry && before !== undefined)
    const record: OwnerRecord = {
      kind: 'incident-owner',
      incident: name ?? incident.id,
      do: what === 'take' ? 'taken' : 'given-back',
      reason,
      by,
    }
    const { from: entry } = await recorder.appendControl(record)
    const at = reader.entry(entry)?.recordedAt
    // What was just made durable is read back from the same log.
    if (at === undefined) throw new Error(`log entry ${entry} was recorded and is not there`)
    this.#note(record, { entry, at })
  }

  #note(
    { incident, do: what, by, reason }: OwnerRecord,
    { entry, at }: { readonly entry: number; readonly at: UnixNano },
  ): void {
    this.#kept.delete(incident)
    this.#kept.set(incident, what === 'taken' ? { by, at: String(at), reason, entry } : undefined)
    const [oldest] = this.#kept.keys()
    if (this.#kept.size > OWNERS_KEPT && oldest !== undefined) this.#kept.delete(oldest)
  }
}
