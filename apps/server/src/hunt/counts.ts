import type { HuntField } from '@holdfast/model'
import type { Chunk, Column } from './chunk.ts'
import { PASSES, type ColumnOf } from './evaluate.ts'
import { BARS, VALUES_COUNTED } from './limits.ts'

export type FacetValue = { readonly value: string; readonly label?: string; readonly count: number }

/** Fields of which one event has several values; of all others lines of a name are ways to say the same, the value first. */
const MANY_VALUED: ReadonlySet<HuntField> = new Set(['incident', 'signal'])
/** Fields whose second line is a name to show: of a conversation it is one of its traces. */
const LABELLED: ReadonlySet<HuntField> = new Set(['agent', 'destination'])

export type Facet = {
  readonly field: HuntField
  readonly values: readonly FacetValue[]
  /** Values that there are; more than are counted where `isCut`. */
  readonly distinct: number
  readonly isCut: boolean
  /** How often values occur that are not among `values`, and events that have none. */
  readonly rest: number
  readonly without: number
}

/** Counts the values of one field over chunks: over what passes, and what only this field's own terms keep out. */
export class FacetCount {
  readonly #field: HuntField
  /** The verdict of events that this field alone keeps out; undefined where the query does not speak of it. */
  readonly #own: number | undefined
  readonly #counts = new Map<string, number>()
  /** Names to show; undefined for a value that goes by several, and would be shown under the wrong one. */
  readonly #labels = new Map<string, string | undefined>()
  #beyond = 0
  #without = 0

  constructor(field: HuntField, own: number | undefined) {
    this.#field = field
    this.#own = own
  }

  add(chunk: Chunk, verdicts: Uint8Array, columnOf: ColumnOf): void {
    const { names, codes }: Column = columnOf(chunk, this.#field)
    const counts = new Uint32Array(names.length + 1)
    for (let row = 0; row < chunk.rows; row++) {
      const verdict = verdicts[row] ?? PASSES
      if (verdict !== PASSES && verdict !== this.#own) continue
      const code = codes[row] ?? 0
      counts[code] = (counts[code] ?? 0) + 1
    }
    this.#without += counts[0] ?? 0
    for (const [i, name] of names.entries()) {
      const count = counts[i + 1] ?? 0
      if (count === 0) continue
      const lines = name.split('\n')
      const [value = '', label] = lines
      // An event is part of several incidents, and several detectors speak of it: it counts for each.
      if (MANY_VALUED.has(this.#field)) for (const one of lines) this.#count(one, count)
      else {
        this.#count(value, count)
        if (LABELLED.has(this.#field) && this.#counts.has(value)) this.#label(value, label)
      }
    }
  }

  #label(value: string, label: string | undefined): void {
    const isOther = this.#labels.has(value) && this.#labels.get(value) !== label
    this.#labels.set(value, isOther ? undefined : label)
  }

  #count(name: string, count: number): void {
    if (name === '') {
      this.#without += count
      return
    }
    const known = this.#counts.get(name)
    if (known === undefined && this.#counts.size === VALUES_COUNTED) this.#beyond += count
    else this.#counts.set(name, (known ?? 0) + count)
  }

  /** The `top` most frequent values, those of equal count by name. */
  facet(top: number): Facet {
    const values = mostFrequent(this.#counts, top)
    const shown = values.reduce((sum, [, count]) => sum + count, 0)
    let all = 0
    for (const count of this.#counts.values()) all += count
    return {
      field: this.#field,
      values: values.map(([value, count]) => {
        const label = this.#labels.get(value)
        return { value, ...(label === undefined ? {} : { label }), count }
      }),
      distinct: this.#counts.size,
      isCut: this.#beyond > 0,
      rest: all - shown + this.#beyond,
      without: this.#without,
    }
  }
}

type Counted = readonly [name: string, count: number]

/** Sorts what may be among the first alone: of a hundred thousand names ten are shown. */
function mostFrequent(counts: ReadonlyMap<string, number>, top: number): readonly Counted[] {
  let found: Counted[] = []
  let least = 0
  for (const one of counts) {
    if (one[1] < least) continue
    found.push(one)
    if (found.length < 2 * top + 16) continue
    found = found.toSorted(byCount).slice(0, top)
    least = found.at(-1)?.[1] ?? 0
  }
  return found.toSorted(byCount).slice(0, top)
}

function byCount([a, n]: Counted, [b, m]: Counted): number {
  return m - n || (a < b ? -1 : 1)
}

/** Times of what passed, in seconds, until the bars can be laid out. */
export class TimeCount {
  #times = new Float64Array(4_096)
  #size = 0

  add(chunk: Chunk, verdicts: Uint8Array, clock: 'happened' | 'recorded'): void {
    const seconds = clock === 'happened' ? chunk.claimedSeconds : chunk.recordedSeconds
    const nanos = clock === 'happened' ? chunk.claimedNanos : chunk.recordedNanos
    for (let row = 0; row < chunk.rows; row++) {
      if (verdicts[row] !== PASSES) continue
      if (this.#size === this.#times.length) {
        const wider = new Float64Array(2 * this.#size)
        wider.set(this.#times)
        this.#times = wider
      }
      this.#times[this.#size++] = (seconds[row] ?? 0) + (nanos[row] ?? 0) / 1e9
    }
  }

  get matched(): number {
    return this.#size
  }

  /**
   * Bars of equal width from the first instant to the last, or over the window where one is asked for. Events that state
   * no time (1970) are left out of the layout and counted in `untimed`.
   */
  histogram(window: { readonly from?: number | undefined; readonly to?: number | undefined }): Histogram | undefined {
    const times = this.#times.subarray(0, this.#size)
    let [low, high, untimed] = [Infinity, -Infinity, 0]
    for (const time of times) {
      if (time < 1) untimed += 1
      else {
        low = Math.min(low, time)
        high = Math.max(high, time)
      }
    }
    const from = window.from ?? low
    // The last instant belongs to the last bar.
    const to = window.to ?? high + 0.001
    if (!(to > from) || !Number.isFinite(to - from)) return undefined
    const bars = Array.from({ length: BARS }, () => 0)
    for (const time of times) {
      if (time < 1) continue
      const bar = Math.min(BARS - 1, Math.max(0, Math.floor(((time - from) / (to - from)) * BARS)))
      bars[bar] = (bars[bar] ?? 0) + 1
    }
    return { from, to, bars, untimed }
  }
}

/** Bounds in seconds of the epoch. */
export type Histogram = {
  readonly from: number
  readonly to: number
  readonly bars: readonly number[]
  readonly untimed: number
}
