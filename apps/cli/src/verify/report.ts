/** Something that is not as it was written: where it was seen, and what is wrong with it. */
export type Problem = {
  readonly where: string
  readonly what: string
  /** Set on what comes of a fault that has a line of its own: what all of its kind are, to be read after their count. */
  readonly follows?: string
}

/** `facts` say what was looked at; they are only worth something while `ok` is true. */
export type Verdict<Facts> = {
  readonly ok: boolean
  /**
   * In the order they were met: the first {@link MAX_PROBLEMS} faults, and as many of their consequences, which therefore take
   * no fault's place. `problemsTotal` counts all of both.
   */
  readonly problems: readonly Problem[]
  readonly problemsTotal: number
  /** How many consequences there are of each kind, by `follows`. */
  readonly consequences: ReadonlyMap<string, number>
  readonly facts: Facts
}

/** A damaged file can be wrong at every entry; a person reads the first ones. */
const MAX_PROBLEMS = 1000
/** Texts out of untrusted input are cut to this and cleared of control characters before anyone prints them. */
const MAX_TEXT = 300

/** Collects problems; the checks go on after one, so that a report names all that is wrong. */
export class Report {
  readonly #problems: Problem[] = []
  readonly #consequences = new Map<string, number>()
  #faults = 0
  #following = 0

  get problemsTotal(): number {
    return this.#faults + this.#following
  }

  add(where: string, what: string): void {
    this.#faults++
    if (this.#faults <= MAX_PROBLEMS) this.#problems.push({ where: printable(where), what: printable(what) })
  }

  /** Adds what a fault brought about that is reported already. `follows` says of all of its kind what they are. */
  follow(where: string, what: string, follows: string): void {
    this.#following++
    this.#consequences.set(follows, (this.#consequences.get(follows) ?? 0) + 1)
    if (this.#following <= MAX_PROBLEMS)
      this.#problems.push({ where: printable(where), what: printable(what), follows })
  }

  /** Adds the problem unless `holds`, and gives `holds` back. */
  check(holds: boolean, where: string, what: string): boolean {
    if (!holds) this.add(where, what)
    return holds
  }

  verdict<Facts>(facts: Facts): Verdict<Facts> {
    const { problemsTotal } = this
    const consequences = this.#consequences
    return { ok: problemsTotal === 0, problems: this.#problems, problemsTotal, consequences, facts }
  }
}

export function printable(text: string): string {
  return text.slice(0, MAX_TEXT).replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}]/gu, '?')
}

/** One line about an exception that untrusted input caused. */
export function reasonOf(error: unknown): string {
  return printable(error instanceof Error ? error.message : String(error))
}
