import { FIELD_TRIGGERS, matchField } from './field-rules.ts'
import type { MaskWriter } from './mask-writer.ts'
import { matchText, TEXT_TRIGGERS } from './text-rules.ts'
import { TOKEN_TRIGGERS, TokenMatcher } from './token-rules.ts'
import { compileTriggers, TriggerScanner, wordAt } from './trigger-scanner.ts'

const TRIGGERS = compileTriggers([...TOKEN_TRIGGERS, ...TEXT_TRIGGERS, ...FIELD_TRIGGERS])

/** The field triggers as {@link wordAt} reads them, to spare the others a look for a name. */
const FIELD_WORDS: ReadonlySet<number> = new Set(
  FIELD_TRIGGERS.map((word) => wordAt(new TextEncoder().encode(word), 0)),
)

/** Applies the rules to stretches of text, which must be handed over in ascending order. */
export class TextMasker {
  /** True once a sensitive name stood in quotes without a value of its own: `{"key":"password","value":...}`. */
  hasNamedAttribute = false
  readonly #writer: MaskWriter
  readonly #scanner: TriggerScanner
  readonly #tokens: TokenMatcher
  #nextTrigger = 0
  #nameSeenUntil = 0

  constructor(writer: MaskWriter) {
    this.#writer = writer
    this.#scanner = new TriggerScanner(writer.bytes, TRIGGERS)
    this.#tokens = new TokenMatcher(writer.bytes)
    this.#nextTrigger = this.#scanner.next(0)
  }

  /** Whether a trigger begins in `[from, to)`: where none does, there is nothing to mask. */
  hasTrigger(from: number, to: number): boolean {
    if (this.#nextTrigger >= 0 && this.#nextTrigger < from) this.#nextTrigger = this.#scanner.next(from)
    return this.#nextTrigger >= 0 && this.#nextTrigger < to
  }

  /** Masks what the text `[from, to)` holds; nothing outside it is read as part of a secret. */
  mask(from: number, to: number): void {
    let pos = from
    while (this.hasTrigger(pos, to)) pos = this.#maskAt(this.#nextTrigger, from, to)
  }

  /** Where to go on after the trigger at `at`. */
  #maskAt(at: number, from: number, to: number): number {
    const { bytes } = this.#writer
    const found = this.#tokens.match(at, from, to) ?? matchText(bytes, at, from, to)
    if (found !== undefined) {
      this.#writer.write(found.rule, found.from, found.to)
      return Math.max(found.to, at + 1)
    }
    const isName = at >= this.#nameSeenUntil && FIELD_WORDS.has(wordAt(bytes, at))
    const field = isName ? matchField(bytes, at, from, to) : undefined
    if (field === undefined) return at + 1
    this.#nameSeenUntil = field.nameTo
    this.hasNamedAttribute ||= field.isQuoted && field.values.length === 0
    for (const value of field.values) this.#writer.write(value.rule, value.from, value.to)
    return Math.max(field.values.at(-1)?.to ?? 0, at + 1)
  }
}
