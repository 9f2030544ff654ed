import type { Answer, AnnotationWire, Body, IncidentWire, Query } from '@holdfast/api'
import { type AnnotationRecord, formatRfc3339, parseRfc3339, type UnixNano, incidentNames } from '@holdfast/model'
import type { LogReader, Recorder } from '@holdfast/recorder'
import { HttpError } from '../http/problem.ts'
import { Turns } from '../turns.ts'
import { ViewError, type ViewsClient } from '../views/client.ts'
import { ANNOTATIONS_KEPT, ANNOTATIONS_LISTED } from './limits.ts'

export type AnnotationSources = {
  readonly recorder: Pick<Recorder, 'appendControl'>
  readonly reader: Pick<LogReader, 'eachControl' | 'entry'>
  readonly views: Pick<ViewsClient, 'ask'>
}

/** Who saves something. */
export type Writer = { readonly name: string; readonly isAdmin: boolean }

type SetRecord = Extract<AnnotationRecord, { readonly do: 'set' }>
type Saved = SetRecord & { readonly at: UnixNano; readonly editedAt: UnixNano; readonly entries: readonly number[] }

/** Notes, pins and bookmarks, put together from their records: the last save of each holds. */
export class Annotations {
  readonly #sources: AnnotationSources
  /** The one that was saved longest ago first. */
  readonly #kept = new Map<string, Saved>()
  /** Ids whose save is on its way: two saves of one annotation are recorded one after the other. */
  readonly #saving = new Turns()
  #older = 0

  constructor(sources: AnnotationSources) {
    this.#sources = sources
    for (const { record, index, recordedAt } of sources.reader.eachControl('annotation'))
      this.#note(record, { entry: index, at: recordedAt })
  }

  /** What is written of an incident is found under every name that it has or had. */
  async list({
    kind,
    subject,
    type,
    limit = ANNOTATIONS_LISTED,
  }: Partial<Query<'listAnnotations'>>): Promise<Answer<'listAnnotations'>> {
    if (subject !== undefined && kind === undefined) throw new HttpError(400, 'subject: say of which kind it is')
    const names = kind === undefined || subject === undefined ? undefined : await this.#namesOf({ kind, id: subject })
    const found = this.#latest().filter(
      (one) =>
        (kind === undefined || one.subject.kind === kind) &&
        (names === undefined || names.includes(one.subject.id)) &&
        (type === undefined || one.type === type),
    )
    return { items: found.slice(0, limit).map(wireOf), total: found.length, older: this.#older }
  }

  /**
   * Records a save, and answers with what is kept. Throws 404 for a subject that there is none of, 403 for another person's
   * annotation, 409 where a later save of it is kept already.
   */
  async save(id: string, body: Body<'putAnnotation'>, writer: Writer): Promise<AnnotationWire> {
    const place = placeOf(body.place)
    if (!this.#kept.has(id)) await this.#assertKnown(body.subject)
    return await this.#saving.take(id, async () => {
      const kept = this.#kept.get(id)
      if (kept !== undefined) {
        assertMay(kept, writer, 'change')
        if (kept.subject.kind !== body.subject.kind || kept.subject.id !== body.subject.id)
          throw new HttpError(409, `annotation ${id} is of ${kept.subject.kind} ${kept.subject.id}, and stays with it`)
        if (isSame(kept, body, place)) return wireOf(kept)
        if (body.edit <= kept.edit)
          throw new HttpError(409, `edit ${kept.edit} of annotation ${id} is saved already: read it again`)
      }
      const { type, subject, text, edit } = body
      await this.#write({
        do: 'set',
        annotation: id,
        type,
        subject,
        ...(place === undefined ? {} : { place }),
        text,
        edit,
        by: writer.name,
      })
      return wireOf(this.#get(id))
    })
  }

  /** Takes one out of sight. Throws 404 where there is none, 403 for another person's unless an admin asks. */
  async remove(id: string, writer: Writer): Promise<Answer<'removeAnnotation'>> {
    return await this.#saving.take(id, async () => {
      assertMay(this.#get(id), writer, 'remove')
      return { entry: await this.#write({ do: 'removed', annotation: id, by: writer.name }) }
    })
  }

  #latest(): readonly Saved[] {
    return [...this.#kept.values()].toReversed()
  }

  #get(id: string): Saved {
    const kept = this.#kept.get(id)
    if (kept === undefined) throw new HttpError(404, `no annotation ${id}`)
    return kept
  }

  /** Two incidents that turn out to be one have one name from then on. */
  async #namesOf({ kind, id }: SetRecord['subject']): Promise<readonly string[]> {
    // Of an incident that is named by nothing yet, and of every other subject, there is one name.
    if (kind !== 'incident' || !this.#latest().some(({ subject }) => subject.kind === 'incident')) return [id]
    try {
      const known = JSON.parse(await this.#sources.views.ask('getIncident', { incident: id })) as IncidentWire // the worker's answer
      return [id, ...incidentNames(known)]
    } catch (error) {
      // What was written of an incident that is no more is still to be read.
      if (error instanceof ViewError && error.status === 404) return [id]
      throw error
    }
  }

  /** A note on what there is none of would be found by nobody. */
  async #assertKnown({ kind, id }: SetRecord['subject']): Promise<void> {
    const { views } = this.#sources
    if (kind === 'incident') await views.ask('getIncident', { incident: id })
    if (kind === 'agent') await views.ask('getAgent', { agent: id })
    if (kind === 'conversation') await views.ask('getConversation', { conversation: id })
  }

  async #write(record: AnnotationRecord): Promise<number> {
    const { recorder, reader } = this.#sources
    const { from: entry } = await recorder.appendControl({ kind: 'annotation', ...record })
    const at = reader.entry(entry)?.recordedAt
    // What was just made durable is read back from the same log.
    if (at === undefined) throw new Error(`log entry ${entry} was recorded and is not there`)
    this.#note(record, { entry, at })
    return entry
  }

  #note(record: AnnotationRecord, { entry, at }: { readonly entry: number; readonly at: UnixNano }): void {
    const before = this.#kept.get(record.annotation)
    this.#kept.delete(record.annotation)
    if (record.do === 'removed') return
    const first = before?.entries[0]
    this.#kept.set(record.annotation, {
      ...record,
      // Its writer stays its writer.
      by: before?.by ?? record.by,
      at: before?.at ?? at,
      editedAt: at,
      entries: first === undefined ? [entry] : [first, entry],
    })
    const [oldest] = this.#kept.keys()
    if (this.#kept.size <= ANNOTATIONS_KEPT || oldest === undefined) return
    this.#kept.delete(oldest)
    this.#older += 1
  }
}

function placeOf(place: Body<'putAnnotation'>['place']): SetRecord['place'] {
  if (place === undefined) return undefined
  const { event, node, at, path } = place
  const instant = at === undefined ? undefined : parseRfc3339(at)
  if (at !== undefined && instant === undefined) throw new HttpError(400, `place.at: "${at}" is no time`)
  return {
    ...(event === undefined ? {} : { event }),
    ...(node === undefined ? {} : { node }),
    ...(instant === undefined ? {} : { at: formatRfc3339(instant) }),
    ...(path === undefined ? {} : { path }),
  }
}

function assertMay(kept: Saved, { name, isAdmin }: Writer, what: 'change' | 'remove'): void {
  if (kept.by === name || (what === 'remove' && isAdmin)) return
  throw new HttpError(403, `it is ${kept.by}'s: only its writer may ${what} it`)
}

function isSame(kept: Saved, body: Body<'putAnnotation'>, place: SetRecord['place']): boolean {
  const at = (one: SetRecord['place']) => [one?.event, one?.node, one?.at, one?.path].join('\n')
  return kept.type === body.type && kept.text === body.text && at(kept.place) === at(place)
}

function wireOf({ annotation, type, subject, place, text, edit, by, at, editedAt, entries }: Saved): AnnotationWire {
  return {
    id: annotation,
    type,
    subject,
    ...(place === undefined ? {} : { place }),
    text,
    edit,
    by,
    at: String(at),
    editedAt: String(editedAt),
    entries: [...entries],
  }
}
