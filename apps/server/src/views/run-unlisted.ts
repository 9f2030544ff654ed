import type { Answer } from '@holdfast/api'
import type { Event, EventBody } from '@holdfast/model'

type Unlisted = Answer<'getRun'>['unlisted'][number]
type Connection = Extract<EventBody, { readonly kind: 'connection' }>

/** What an egress list refused the programs of one run, or would have: a row for each program, other end and conversation. */
export class RunUnlisted {
  readonly #rows = new Map<string, Unlisted>()
  readonly #given: {
    readonly rows: number
    readonly binaryOf: (process: string) => string | undefined
    readonly conversationOf: (event: Event) => string | undefined
  }
  #cut = 0

  constructor(given: {
    readonly rows: number
    readonly binaryOf: (process: string) => string | undefined
    readonly conversationOf: (event: Event) => string | undefined
  }) {
    this.#given = given
  }

  /** Rows beyond the bound. */
  get cut(): number {
    return this.#cut
  }

  add(event: Event, { policy, protocol, remote, refused = '', count = 1 }: Connection): void {
    if (policy === undefined) return
    const { rows, binaryOf, conversationOf } = this.#given
    const { artifact, mode } = policy
    const { process } = event.context
    const conversation = conversationOf(event)
    const key = JSON.stringify([process, artifact, mode, refused, protocol, remote, conversation])
    const known = this.#rows.get(key)
    if (known !== undefined) {
      known.count += count
    } else if (this.#rows.size === rows) {
      this.#cut += 1
    } else {
      const binary = process === undefined ? undefined : binaryOf(process)
      this.#rows.set(key, {
        event: event.id,
        artifact,
        mode,
        what: refused,
        protocol,
        ...(remote === undefined ? {} : { address: remote.address, port: remote.port }),
        names: [],
        ...(process === undefined ? {} : { process }),
        ...(binary === undefined ? {} : { binary }),
        ...(conversation === undefined ? {} : { conversation }),
        count,
      })
    }
  }

  /** `namesOf`: what DNS called an address. */
  answer(namesOf: (address: string) => readonly string[]): Unlisted[] {
    return [...this.#rows.values()].map((row) => ({
      ...row,
      names: row.address === undefined ? [] : [...namesOf(row.address)],
    }))
  }
}
