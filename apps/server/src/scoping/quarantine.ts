import { hash } from 'node:crypto'
import type { Answer, Body } from '@holdfast/api'
import { canonicalJson, type QuarantinedItem, type QuarantineRecord, type UnixNano } from '@holdfast/model'
import type { LogReader, Recorder } from '@holdfast/recorder'
import { HttpError } from '../http/problem.ts'
import type { Answers } from './answers.ts'
import { QUARANTINE_MOST } from './limits.ts'
import { type AuditedItem, isNamed, type Standing, standingOf } from './quarantine-standing.ts'

export type QuarantineSources = {
  readonly recorder: Pick<Recorder, 'appendControl' | 'signCheckpoint'>
  readonly reader: Pick<LogReader, 'controls' | 'entry'>
  readonly views: Pick<Answers, 'ask'>
  readonly clock: () => UnixNano
}

type Kept = QuarantineRecord & { readonly entry: number; readonly at: UnixNano }

/**
 * Items that contexts are kept from. The corpora are not ours: proxies withhold what is on this list, agents ask for it through the
 * API, and where neither stands between, people take the item out. What was said of an item last holds.
 */
export class Quarantine {
  readonly #sources: QuarantineSources
  readonly #kept = new Map<string, Kept>()
  #listeners: readonly ((record: QuarantineRecord, entry: number) => void)[] = []

  constructor(sources: QuarantineSources) {
    this.#sources = sources
    for (const { record, index, recordedAt } of sources.reader.controls('quarantine'))
      this.#keep({ ...record, entry: index, at: recordedAt })
  }

  list(): Answer<'listQuarantine'> {
    const kept = [...this.#kept.values()]
    const pins = new Map<string, { readonly source: string; readonly id: string; readonly without: string[] }>()
    for (const { item } of kept) {
      if (item.kind !== 'document' || item.version === undefined) continue
      const key = JSON.stringify([item.source, item.id])
      const pin = pins.get(key) ?? { source: item.source, id: item.id, without: [] }
      pins.set(key, pin)
      pin.without.push(item.version)
    }
    return {
      items: kept.map(({ item, incident, copies, reason, by, at, entry }) => ({
        item: { ...item },
        ...(incident === undefined ? {} : { incident }),
        copies: [...copies],
        reason,
        by,
        at: at.toString(),
        entry,
      })),
      pins: [...pins.values()],
      digest: hash('sha256', canonicalJson(kept.map(({ item }) => ({ ...item }))), 'hex'),
    }
  }

  /** As it was put there; `entry` is where. */
  inForce(): readonly (QuarantineRecord & { readonly entry: number })[] {
    return [...this.#kept.values()]
  }

  /** What is done about an item of the audit of an incident, which goes by these names. */
  standing(item: AuditedItem, names: readonly string[]): Standing {
    return standingOf([...this.#kept.values()], item, names)
  }

  /** Called after each change, for those who pass the list on; `entry` is where the item was put in quarantine. */
  onChange(listener: (record: QuarantineRecord, entry: number) => void): void {
    this.#listeners = [...this.#listeners, listener]
  }

  /** Seals what the log holds of the item before it is taken away. Throws 409 for one that is no longer or already there. */
  async decide(
    { do: what, item: asked, incident, reason }: Body<'quarantineItem'>,
    by: string,
  ): Promise<Answer<'quarantineItem'>> {
    const { recorder, reader, clock } = this.#sources
    const item = itemOf(asked)
    const before = this.#kept.get(keyOf(item))
    const isKept = before !== undefined
    if (what === 'quarantine' && isKept) throw new HttpError(409, `${item.id} is in quarantine already`)
    if (what === 'release' && !isKept) throw new HttpError(409, `${item.id} is not in quarantine`)
    if (what === 'quarantine' && this.#kept.size >= QUARANTINE_MOST)
      throw new HttpError(409, `${QUARANTINE_MOST} items are in quarantine: every gate has to know all of them`)
    const copies = what === 'release' || incident === undefined ? [] : await this.#copies(incident, item)
    if (what === 'quarantine') await recorder.signCheckpoint()
    const because = incident ?? before?.incident
    const record: QuarantineRecord = {
      do: what,
      item,
      ...(because === undefined ? {} : { incident: because }),
      copies,
      reason,
      by,
    }
    const { from } = await recorder.appendControl({ kind: 'quarantine', ...record })
    this.#keep({ ...record, entry: from, at: reader.entry(from)?.recordedAt ?? clock() })
    for (const listener of this.#listeners) listener(record, before?.entry ?? from)
    return this.list()
  }

  /** Log entries that hold its text, as the audit of the incident names them. */
  async #copies(incident: string, item: QuarantinedItem): Promise<readonly number[]> {
    // The worker's answer to this question.
    const { siblings } = JSON.parse(await this.#sources.views.ask('getIncidentAudit', { incident })) as Pick<
      Answer<'getIncidentAudit'>,
      never
    > & { readonly siblings: readonly (AuditedItem & { readonly copies: readonly number[] })[] }
    return [...new Set(siblings.flatMap((row) => (isNamed(item, row) ? row.copies : [])))]
  }

  #keep(kept: Kept): void {
    if (kept.do === 'release') this.#kept.delete(keyOf(kept.item))
    else this.#kept.set(keyOf(kept.item), kept)
  }
}

function keyOf({ kind, source, id, version, digest }: QuarantinedItem): string {
  return JSON.stringify([kind, source, id, version, digest])
}

/** Without the fields that nobody told. */
function itemOf({ kind, source, id, version, digest }: Body<'quarantineItem'>['item']): QuarantinedItem {
  return {
    kind,
    source,
    id,
    ...(version === undefined ? {} : { version }),
    ...(digest === undefined ? {} : { digest }),
  }
}
