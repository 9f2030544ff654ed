/** What a local server of another system does wrong, to requests that it would have answered. */
export type Fault = {
  readonly kind:
    /** Never answers. */
    | 'hang'
    /** Ends the connection. */
    | 'drop'
    /** Answers with `code`, having done nothing. */
    | 'error'
    /** Says that it was done, and does nothing. */
    | 'lie'
  readonly code?: number
  /** A method and path, or the name of an action. */
  readonly at: (what: string) => boolean
  /** How often; always unless told. */
  readonly times?: number
}

/** Faults by their order; each is used up by the requests that it meets. */
export class Faults {
  #faults: { readonly fault: Fault; left: number }[] = []

  add(fault: Fault): void {
    this.#faults.push({ fault, left: fault.times ?? Number.POSITIVE_INFINITY })
  }

  clear(): void {
    this.#faults = []
  }

  take(what: string): Fault | undefined {
    const found = this.#faults.find(({ fault, left }) => left > 0 && fault.at(what))
    if (found !== undefined) found.left -= 1
    return found?.fault
  }
}
