import type { Event } from '@holdfast/model'
import type { FieldValue } from './field.ts'
import { FIELDS } from './fields.ts'

/** One event under the names that rules use; each field is read once, when a rule first asks. */
export class EventView {
  readonly event: Event
  readonly #values = new Map<string, readonly FieldValue[]>()
  readonly #folded = new Map<string, readonly string[]>()

  constructor(event: Event) {
    this.event = event
  }

  /** Values of a field; none where the event does not have it. */
  values(name: string): readonly FieldValue[] {
    const known = this.#values.get(name)
    if (known !== undefined) return known
    const values = FIELDS.get(name)?.read(this.event) ?? []
    this.#values.set(name, values)
    return values
  }

  /** The same as text in lower case, as selections compare. */
  folded(name: string): readonly string[] {
    const known = this.#folded.get(name)
    if (known !== undefined) return known
    const folded = this.values(name).map((value) => String(value).toLowerCase())
    this.#folded.set(name, folded)
    return folded
  }
}
