/** Something that is not as it was written: where it was seen, and what is wrong with it. */
export type Problem = { readonly where: string; readonly what: string }

/** `facts` say what was looked at; they are only worth something while `ok` is true. */
export type Verdict<Facts> = {
  readonly ok: boolean
  /** The first {@link MAX_PROBLEMS}, in the order they were met; `problemsTotal` counts all. */
  readonly problems: readonly Problem[]
  readonly problemsTotal: number
  readonly facts: Facts
}

/** A damaged file can be wrong at every entry; a person reads the first ones. */
const MAX_PROBLEMS = 1000
/** Texts out of untrusted input are cut to this and cleared of control characters before anyone prints them. */
const MAX_TEXT = 300

/** Collects problems; the checks go on after one, so that a report names all that is wrong. */
export class Report {
  readonly #problems: Problem[] = []
  #total = 0

  get problemsTotal(): number {
    return this.#total
  }

  add(where: string, what: string): void {
    this.#total++
    if (this.#problems.length < MAX_PROBLEMS) this.#problems.push({ where: printable(where), what: printable(what) })
  }

  /** Adds the problem unless `holds`, and gives `holds` back. */
  check(holds: boolean, where: string, what: string): boolean {
    if (!holds) this.add(where, what)
    return holds
  }

  verdict<Facts>(facts: Facts): Verdict<Facts> {
    return { ok: this.#total === 0, problems: this.#problems, problemsTotal: this.#total, facts }
  }
}

export function printable(text: string): string {
  return text.slice(0, MAX_TEXT).replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}]/gu, '?')
}

/** One line about an exception that untrusted input caused. */
export function reasonOf(error: unknown): string {
  return printable(error instanceof Error ? error.message : String(error))
}
