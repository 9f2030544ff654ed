import type { ControlKind, ControlRecordOf } from '@holdfast/model'
import type { LogReader } from '@holdfast/recorder'
import type { StepsOfWork } from '@holdfast/detect'
import { DEED_KINDS, isAboutAgents } from '../reports/deeds.ts'
import { ENTRIES_PER_STEP, PLACES_KEPT } from './limits.ts'

/** Kinds of control records that a timeline tells. */
const KINDS = [...DEED_KINDS, 'annotation', 'incident-owner', 'notice'] as const satisfies readonly ControlKind[]

type Told = ControlRecordOf<(typeof KINDS)[number]>

/**
 * Where the log tells of what: log positions by the incident, conversation, agent or other target that a record names. It is read on
 * from where it stopped, so that a timeline of a long log costs what was added since.
 */
export class DeedIndex {
  readonly #reader: Pick<LogReader, 'eachControl' | 'size'>
  readonly #places = new Map<string, number[]>()
  /** Notice -> its incident: deliveries name the notice alone. */
  readonly #notices = new Map<string, string>()
  #read = 0
  #kept = 0
  #dropped = 0

  constructor(reader: Pick<LogReader, 'eachControl' | 'size'>) {
    this.#reader = reader
  }

  /** Places that were forgotten for want of room. */
  get dropped(): number {
    return this.#dropped
  }

  /** Reads what was recorded since, step by step; two that do so at the same time read nothing twice. */
  *caughtUp(): StepsOfWork<void> {
    const size = this.#reader.size()
    while (this.#read < size) {
      const range = { from: this.#read, to: Math.min(size, this.#read + ENTRIES_PER_STEP) }
      for (const kind of KINDS)
        for (const { record, index } of this.#reader.eachControl(kind, range))
          for (const name of this.#namesIn(record)) this.#note(name, index)
      this.#read = range.to
      yield
    }
  }

  /** Positions of everything that names one of these, in the order of the log. */
  of(names: Iterable<string>): readonly number[] {
    const found = new Set<number>()
    for (const name of names) for (const entry of this.#places.get(name) ?? []) found.add(entry)
    return [...found].toSorted((a, b) => a - b)
  }

  #note(name: string, entry: number): void {
    const places = this.#places.get(name)
    if (places === undefined) this.#places.set(name, [entry])
    else places.push(entry)
    this.#kept += 1
    if (this.#kept > PLACES_KEPT) this.#forget()
  }

  /** The target that was noted first goes as a whole: half of a story would look like all of it. */
  #forget(): void {
    const [oldest] = this.#places
    if (oldest === undefined) return
    this.#places.delete(oldest[0])
    this.#kept -= oldest[1].length
    this.#dropped += oldest[1].length
  }

  #namesIn(record: Told): readonly string[] {
    switch (record.kind) {
      case 'case-step':
      case 'incident-decision':
      case 'proxy-order':
      case 'response-plan':
      case 'skill-run':
      case 'learning':
      case 'scope-frozen':
      case 'audit-mark':
      case 'incident-owner':
        return [record.incident]
      case 'quarantine':
        return record.incident === undefined ? [] : [record.incident]
      case 'duty':
        return 'incident' in record.decision ? [record.decision.incident] : []
      case 'containment':
        return [...new Set([record.plan.target, record.plan.agent])]
      case 'operator-action':
        return isAboutAgents(record) ? [record.target] : []
      case 'incident-report':
        return [record.conversation]
      case 'annotation':
        return record.do === 'set' ? [record.subject.id, noteName(record.annotation)] : [noteName(record.annotation)]
      case 'notice':
        return this.#ofNotice(record)
    }
  }

  #ofNotice(record: ControlRecordOf<'notice'>): readonly string[] {
    if (record.do === 'listening') return []
    if (record.do === 'told') {
      const { id, incident } = record.notice
      if (typeof id !== 'string' || typeof incident !== 'string') return []
      this.#notices.set(id, incident)
      if (this.#notices.size > PLACES_KEPT)
        for (const [first] of [...this.#notices].slice(0, 1)) this.#notices.delete(first)
      return [incident]
    }
    const incident = this.#notices.get(record.notice)
    return incident === undefined ? [] : [incident]
  }
}

/** A removal names the annotation alone. */
export function noteName(annotation: string): string {
  return `annotation ${annotation}`
}
