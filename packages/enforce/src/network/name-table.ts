import { addressBits, type Event } from '@holdfast/model'
import { LEARNED_NAMES } from '../limits.ts'
import { plainName } from './cilium-rules.ts'

/**
 * Which names an address goes by: as a policy's own document says, and as answers of name servers say that are shown to it in the
 * order of the log, as the layer itself learns them. Of more than {@link LEARNED_NAMES} addresses the oldest is forgotten.
 */
export class NameTable {
  readonly #addresses: ReadonlyMap<string, readonly string[]>
  readonly #names = new Map<string, ReadonlySet<string>>()
  readonly #learned = new Map<string, ReadonlySet<string>>()

  /** `addresses`: by name. */
  constructor(addresses: ReadonlyMap<string, readonly string[]> = new Map()) {
    this.#addresses = addresses
    for (const [name, own] of addresses)
      for (const address of own)
        this.#names.set(address, new Set([...(this.#names.get(address) ?? []), plainName(name)]))
  }

  learn({ body }: Event): void {
    if (body.kind !== 'dns' || body.action !== 'answer') return
    for (const address of body.answers) {
      if (addressBits(address) === undefined) continue
      const known = this.#learned.get(address)
      const name = plainName(body.name)
      if (known?.has(name) === true) continue
      this.#learned.set(address, new Set([...(known ?? []), name]))
      if (this.#learned.size <= LEARNED_NAMES) continue
      const [oldest] = this.#learned.keys()
      if (oldest !== undefined) this.#learned.delete(oldest)
    }
  }

  namesOf(address: string): readonly string[] {
    return [...(this.#names.get(address) ?? []), ...(this.#learned.get(address) ?? [])]
  }

  /** Those that the document names: what was learned since stands under its own address. */
  addressesOf(name: string): readonly string[] {
    return this.#addresses.get(name) ?? []
  }
}
