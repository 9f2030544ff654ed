/**
 * Finds which of many texts stand in a text, in one pass (Aho and Corasick). Texts and what is searched are in the same case.
 * The table is dense over the characters that occur in the texts, so that a step is one look-up.
 */
export class Substrings {
  /** Character -> its column; 0 for all that occur in no text. */
  readonly #columns = new Uint16Array(65_536)
  readonly #width: number
  readonly #table: Int32Array
  /** State -> numbers of the texts that end there. */
  readonly #ends: readonly (readonly number[] | undefined)[]

  constructor(texts: readonly string[]) {
    let width = 1
    let states = 1
    for (const text of texts) {
      states += text.length
      for (let at = 0; at < text.length; at++) {
        const code = text.charCodeAt(at)
        if (this.#columns[code] === 0) this.#columns[code] = width++
      }
    }
    this.#width = width
    this.#table = new Int32Array(states * width)
    this.#ends = this.#build(texts)
  }

  /** Says each text that was found, by number; the same one maybe several times. */
  find(text: string, found: (number: number) => void): void {
    let state = 0
    for (let at = 0; at < text.length; at++) {
      state = this.#table[state * this.#width + (this.#columns[text.charCodeAt(at)] ?? 0)] ?? 0
      const ends = this.#ends[state]
      if (ends !== undefined) for (const number of ends) found(number)
    }
  }

  #build(texts: readonly string[]): readonly (readonly number[] | undefined)[] {
    const ends: (number[] | undefined)[] = [undefined]
    let states = 1
    for (const [number, text] of texts.entries()) {
      let state = 0
      for (let at = 0; at < text.length; at++) {
        const cell = state * this.#width + (this.#columns[text.charCodeAt(at)] ?? 0)
        const next = this.#table[cell] ?? 0
        state = next === 0 ? states++ : next
        this.#table[cell] = state
      }
      ;(ends[state] ??= []).push(number)
    }
    this.#link(states, ends)
    return ends
  }

  /** Fills in where to go on when a text breaks off, level by level. */
  #link(states: number, ends: (number[] | undefined)[]): void {
    const fallback = new Int32Array(states)
    const queue: number[] = []
    for (let column = 1; column < this.#width; column++) {
      const next = this.#table[column] ?? 0
      if (next !== 0) queue.push(next)
    }
    for (let head = 0; head < queue.length; head++) {
      const state = queue[head] ?? 0
      const other = fallback[state] ?? 0
      const more = ends[other]
      if (more !== undefined) ends[state] = [...(ends[state] ?? []), ...more]
      for (let column = 0; column < this.#width; column++) {
        const cell = state * this.#width + column
        const next = this.#table[cell] ?? 0
        const instead = this.#table[other * this.#width + column] ?? 0
        if (next === 0) this.#table[cell] = instead
        else {
          fallback[next] = instead
          queue.push(next)
        }
      }
    }
  }
}
