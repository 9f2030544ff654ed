import { normalise } from '@holdfast/capture'
import type { Event, LineGround } from '@holdfast/model'
import { observationsOf } from '@holdfast/observe'
import type { LogReader } from '@holdfast/recorder'
import type { ProfileReader } from '../profile/profile-reader.ts'
import { POSITIONS_CHECKED } from './limits.ts'

/** What a ground has in the log now. */
export type GroundState = {
  /** Log positions that prove it no more: erased, cut out by a mark, or of something else. */
  readonly lost: readonly number[]
  /** Events at the others, in the order of the log. */
  readonly events: readonly Event[]
  /** False where nothing of it is left, beyond the positions that it names too. */
  readonly stands: boolean
}

/** Looks up in the log what lines of policies rest on. */
export class Grounds {
  readonly #reader: Pick<LogReader, 'entry'>
  readonly #profiles: readonly ProfileReader[]
  readonly #events = new Map<number, readonly Event[] | undefined>()
  #checked = 0

  constructor(sources: { readonly reader: Pick<LogReader, 'entry'>; readonly profiles: readonly ProfileReader[] }) {
    this.#reader = sources.reader
    this.#profiles = sources.profiles
  }

  /** Positions that were looked up. */
  get checked(): number {
    return this.#checked
  }

  stateOf(ground: LineGround): GroundState {
    const lost: number[] = []
    const events: Event[] = []
    for (const entry of ground.entries) {
      const proving = (this.#at(entry) ?? []).filter((event) => this.#proves(event, ground))
      if (proving.length === 0) lost.push(entry)
      else events.push(...proving)
    }
    return { lost, events, stands: events.length > 0 || this.#elsewhere(ground) }
  }

  /** Undefined where the content was erased or the log ends before. */
  #at(entry: number): readonly Event[] | undefined {
    if (this.#events.has(entry)) return this.#events.get(entry)
    if (this.#checked === POSITIONS_CHECKED) return undefined
    this.#checked += 1
    const found = this.#reader.entry(entry)
    const events = found?.body === undefined ? undefined : normalise(found).events
    this.#events.set(entry, events)
    return events
  }

  #proves(event: Event, { dimension, key }: LineGround): boolean {
    const { claimedAt, entry, body } = event
    if (this.#profiles.some((profile) => profile.isLeftOut({ claimedAt, entry }))) return false
    const isSeen = observationsOf(event).some(
      (one) =>
        one.kind === 'seen' &&
        one.dimension === dimension &&
        (one.key === key || this.#profiles.some((profile) => profile.shownAs(dimension, one.key) === key)),
    )
    if (isSeen) return true
    // Uses of authority are counted by action, and lists of tools by name: no dimension of the profile has them so.
    if (dimension === 'identity' && body.kind === 'api-call') return key.includes(body.action)
    return dimension === 'tool' && toolsIn(event).some((name) => key === name || key.endsWith(`/${name}`))
  }

  /** A line names some of the positions that prove it: of the others the profile knows. */
  #elsewhere({ dimension, key, count, entries }: LineGround): boolean {
    if (count <= entries.length) return false
    return this.#profiles.some((profile) =>
      profile
        .proofs(dimension, profile.shownAs(dimension, key), { after: -1, limit: entries.length + 1 })
        .some(({ entry }) => !entries.includes(entry) && this.#at(entry) !== undefined),
    )
  }
}

function toolsIn({ body }: Event): readonly string[] {
  if (body.kind === 'tool-catalogue') return body.tools.map(({ name }) => name)
  if (body.kind === 'tool-definition') return [body.toolName]
  return body.kind === 'component' ? [body.component.name] : []
}
