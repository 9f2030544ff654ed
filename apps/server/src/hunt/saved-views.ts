import { randomUUID } from 'node:crypto'
import type { Body, SavedViewWire } from '@holdfast/api'
import { parseHuntQuery, parseInstant, type SavedView, type SavedViewRecord, type UnixNano } from '@holdfast/model'
import type { LogReader, Recorder } from '@holdfast/recorder'
import { HttpError } from '../http/problem.ts'
import { SAVED_VIEWS } from './limits.ts'

type Sources = {
  readonly recorder: Pick<Recorder, 'appendControl'>
  readonly reader: Pick<LogReader, 'eachControl' | 'entry'>
  readonly clock: () => UnixNano
}

type Kept = SavedView & { readonly id: string; readonly by: string; readonly savedAt: UnixNano; readonly entry: number }

/** Searches that people saved, put together from their records. Everybody with a role to write may change any. */
export class SavedViews {
  readonly #sources: Sources
  readonly #kept = new Map<string, Kept>()

  constructor(sources: Sources) {
    this.#sources = sources
    for (const { record, index, recordedAt } of sources.reader.eachControl('saved-view'))
      this.#note(record, { entry: index, at: recordedAt })
  }

  list(): readonly SavedViewWire[] {
    return [...this.#kept.values()].toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)).map(wireOf)
  }

  /** Throws 400 for a query or time that cannot be read, 409 for a name that another view has. */
  async save(body: Body<'saveView'>, by: string): Promise<SavedViewWire> {
    if (this.#kept.size >= SAVED_VIEWS)
      throw new HttpError(409, `there are ${SAVED_VIEWS} saved views: remove one first`)
    return await this.#set(`view-${randomUUID().slice(0, 12)}`, body, by)
  }

  async change(id: string, body: Body<'changeView'>, by: string): Promise<SavedViewWire> {
    this.#get(id)
    return await this.#set(id, body, by)
  }

  async remove(id: string, by: string): Promise<{ readonly entry: number }> {
    this.#get(id)
    return { entry: await this.#write({ do: 'removed', view: id, by }) }
  }

  async #set(id: string, body: Body<'saveView'>, by: string): Promise<SavedViewWire> {
    const saved = this.#checked(id, body)
    await this.#write({ do: 'set', view: id, saved, by })
    return wireOf(this.#get(id))
  }

  #checked(id: string, { name, q, from, to, clock, columns }: Body<'saveView'>): SavedView {
    const parsed = parseHuntQuery(q)
    if (parsed.status === 'bad') throw new HttpError(400, `q: ${parsed.reason}, at character ${parsed.at + 1}`)
    for (const text of [from, to]) {
      const read = text === undefined ? undefined : parseInstant(text, { now: this.#sources.clock() })
      if (read !== undefined && read.status !== 'ok') throw new HttpError(400, `"${text}": ${read.reason}`)
    }
    for (const other of this.#kept.values())
      if (other.id !== id && other.name === name) throw new HttpError(409, `a view of ${other.by} is called "${name}"`)
    return {
      name,
      q,
      ...(from === undefined ? {} : { from }),
      ...(to === undefined ? {} : { to }),
      ...(clock === undefined ? {} : { clock }),
      ...(columns === undefined ? {} : { columns }),
    }
  }

  #get(id: string): Kept {
    const kept = this.#kept.get(id)
    if (kept === undefined) throw new HttpError(404, `no saved view ${id}`)
    return kept
  }

  async #write(record: SavedViewRecord): Promise<number> {
    const { recorder, reader, clock } = this.#sources
    const { from: entry } = await recorder.appendControl({ kind: 'saved-view', ...record })
    this.#note(record, { entry, at: reader.entry(entry)?.recordedAt ?? clock() })
    return entry
  }

  #note(record: SavedViewRecord, { entry, at }: { readonly entry: number; readonly at: UnixNano }): void {
    const { view: id, by } = record
    if (record.do === 'removed') this.#kept.delete(id)
    else this.#kept.set(id, { ...record.saved, id, by, savedAt: at, entry })
  }
}

function wireOf({ savedAt, columns, ...rest }: Kept): SavedViewWire {
  return { ...rest, ...(columns === undefined ? {} : { columns: [...columns] }), savedAt: String(savedAt) }
}
