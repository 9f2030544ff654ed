import type { Mask } from '@holdfast/model'
import { MAX_MASKS_LISTED } from '../limits.ts'
import { byteAt } from '../otlp/wire.ts'

const STAR = 0x2a

/** What was masked, in ascending order of the start, up to a bound; beyond it masks are counted alone. */
export type MaskList = { readonly listed: readonly Mask[]; readonly unlisted: number }

/** Overwrites secrets in place with text of the same length and keeps the list of what it did. */
export class MaskWriter {
  readonly bytes: Uint8Array
  readonly #masks: Mask[] = []
  readonly #maxListed: number
  #unlisted = 0

  constructor(bytes: Uint8Array, { maxListed = MAX_MASKS_LISTED }: { readonly maxListed?: number } = {}) {
    this.bytes = bytes
    this.#maxListed = maxListed
  }

  /**
   * Masks `[from, to)` as found by `rule`: `[masked:<rule>]` as far as it fits, then `*`. A range that holds a mask
   * already is left alone, so that masking twice changes nothing.
   */
  write(rule: string, from: number, to: number): void {
    if (to <= from || this.isMasked(from, to)) return
    const label = `[masked:${rule}]`
    for (let i = from; i < to; i += 1) {
      this.bytes[i] = i - from < label.length ? label.charCodeAt(i - from) : STAR
    }
    if (this.#masks.length < this.#maxListed) this.#masks.push({ rule, start: from, bytes: to - from })
    else this.#unlisted += 1
  }

  /** True where the range is what {@link write} writes, for whatever rule: a label, perhaps cut, and stars. */
  isMasked(from: number, to: number): boolean {
    const label = '[masked:'
    for (let i = from; i < to && i - from < label.length; i += 1) {
      if (byteAt(this.bytes, i) !== label.charCodeAt(i - from)) return false
    }
    let pos = from + label.length
    while (pos < to && isRuleByte(byteAt(this.bytes, pos))) pos += 1
    if (pos < to && byteAt(this.bytes, pos) === 0x5d) pos += 1
    while (pos < to && byteAt(this.bytes, pos) === STAR) pos += 1
    return pos >= to
  }

  /** In ascending order of their start, whatever the order of the rules was. */
  list(): MaskList {
    return { listed: this.#masks.sort((a, b) => a.start - b.start), unlisted: this.#unlisted }
  }
}

function isRuleByte(byte: number): boolean {
  return (byte >= 0x61 && byte <= 0x7a) || byte === 0x2d || (byte >= 0x30 && byte <= 0x39)
}
