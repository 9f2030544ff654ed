import { addressBits, type Event } from '@holdfast/model'
import { LEARNED_NAMES } from '../limits.ts'
import { plainName } from './cilium-rules.ts'

/**
 * Which names an address goes by: as a policy's own document says, and as answers of name servers say that are shown to it in the
 * order of the log, as the layer itself learns them. An answer counts from its own log position on, so that an old
 * event read again after newer ones is told by what was known at its time. Of more than {@link LEARNED_NAMES} addresses the oldest is forgotten.
 */
export class NameTable {
  readonly #addresses: ReadonlyMap<string, readonly string[]>
  readonly #names = new Map<string, ReadonlySet<string>>()
  readonly #learned = new Map<string, ReadonlyMap<string, number>>()

  /** `addresses`: by name. */
  constructor(addresses: ReadonlyMap<string, readonly string[]> = new Map()) {
    this.#addresses = addresses
    for (const [name, own] of addresses)
      for (const address of own)
        this.#names.set(address, new Set([...(this.#names.get(address) ?? []), plainName(name)]))
  }

  learn({ body, entry }: Event): void {
    if (body.kind !== 'dns' || body.action !== 'answer') return
    for (const address of body.answers) {
      if (addressBits(address) === undefined) continue
      const known = this.#learned.get(address)
      const name = plainName(body.name)
      const since = known?.get(name)
      if (since !== undefined && since <= entry) continue
      this.#learned.set(address, new Map([...(known ?? []), [name, entry]]))
      if (this.#learned.size <= LEARNED_NAMES) continue
      const [oldest] = this.#learned.keys()
      if (oldest !== undefined) this.#learned.delete(oldest)
    }
  }

  /** As they were known at a log position. */
  namesOf(address: string, { entry }: Pick<Event, 'entry'>): readonly string[] {
    const learned = [...(this.#learned.get(address) ?? [])].flatMap(([name, since]) => (since <= entry ? [name] : []))
    return [...(this.#names.get(address) ?? []), ...learned]
  }

  /** Those that the document names: what was learned since stands under its own address. */
  addressesOf(name: string): readonly string[] {
    return this.#addresses.get(name) ?? []
  }
}
