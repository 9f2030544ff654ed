import { MAX_ASSEMBLED_ITEMS, MAX_POSTINGS, MAX_SENTENCES, MAX_SOUGHT } from '../limits.ts'
import { plainForm } from '../text/plain-form.ts'
import { tokensOf } from '../text/words.ts'
import { isAssembledFrom } from './assembled.ts'
import { shapeOf } from './lifted.ts'
import { Request } from './request.ts'
import { readSentences, type Sentence } from './sentences.ts'
import { type CallStep, type SourceStep, UNTRUSTED } from './steps.ts'

/** Where a form was met in texts that nobody vouches for. */
export type Occurrences = {
  /** Numbers of the sentences that hold it and instruct, in order; at most {@link MAX_POSTINGS}. */
  readonly instructing: number[]
  /** Highest strength of a sentence that holds it. */
  strongest: number
  /** It stood in a sentence that gives no instruction, or as a field of its own. */
  inData: boolean
  /** It was the whole of a field once: a value that a system gave, not one that somebody wrote into a text. */
  wasField: boolean
  /** Number of the first sentence that holds it. */
  readonly first: number
}

/** One meeting of a form in a sentence. */
type Meeting = {
  readonly sentence: Sentence
  readonly number: number
  readonly taint: Taint | undefined
  readonly namedBy: number | undefined
  /** The sentence is a value by itself. */
  readonly isValue: boolean
  /** Forms that stand behind their name in it: `account: 1234`. */
  readonly labelled: ReadonlySet<string>
}

export type Arrival = {
  /** Forms of the arguments of the call that the source answers; an acknowledgement repeats them and is no source. */
  readonly answers: ReadonlySet<string>
  /** How far that call was itself what a foreign instruction asked for, 0 to 1, and by which sentence. */
  readonly taint: Taint | undefined
  /** The source answers a call with an effect: "please verify your account" is the tool's own word, mostly. */
  readonly isReceipt: boolean
  /** The call asked for a thing that only somebody's text had named: number of the sentence that did. */
  readonly namedBy: number | undefined
}

export type Taint = { readonly amount: number; readonly witness: number }

const SENDER = /^(?:sender|from|author|owner|creator|organi[sz]er|writer|by)$/i

const RECEIPT_TRUST = 0.65

/** From this strength on a sentence counts as one that instructs. */
export const INSTRUCTS = 0.4

/** Sentences on either side that may hold the rest of an instruction, as far as they instruct too. */
const WINDOW_BEFORE = 2
const WINDOW_AFTER = 8
const WINDOW_STRENGTH = 0.25

/** What stood in the context before an act: the forms of every source, and the sentences of those that nobody vouches for. */
export class ContextIndex {
  readonly sentences: Sentence[] = []
  /** Forms that the task's owner or the agent's author gave. */
  readonly trusted = new Set<string>()
  readonly request = new Request()
  /** Values that came in with what a foreign instruction had fetched -> how much of it. */
  readonly inherited = new Map<string, Taint>()
  /** Values that came in with what a call had asked for by a name out of somebody's text -> the sentence that named it. */
  readonly named = new Map<string, number>()
  /** Shapes of the ids that systems gave as values. */
  readonly shapes = new Set<string>()
  /** Sentences beyond the bound: they were not read. */
  unread = 0
  /** Addresses that were not looked for in pieces: it costs most of all that is done for a call. */
  unsought = 0
  /** Number of the leaf that a sentence stands in, so that neighbours can be told. */
  readonly #leafOf: number[] = []
  readonly #forms = new Map<string, Occurrences>()
  /** Concept -> sentences of some length that speak of it. */
  readonly #spoken = new Map<string, number[]>()
  readonly #frequency = new Map<string, number>()
  readonly #items = new Map<SourceStep, Map<number, Item>>()
  #documents = 0
  #sought = 0
  #leaves = 0

  add(source: SourceStep, { answers, taint, isReceipt, namedBy }: Arrival): void {
    if (source.channel === 'user' || source.channel === 'system') return this.#trust(source)
    if (!UNTRUSTED.has(source.channel)) return
    let leaf = ''
    const read = readSentences(source, {
      bound: MAX_SENTENCES - this.sentences.length,
      trust: isReceipt ? RECEIPT_TRUST : 0,
    })
    this.unread += read.unread
    for (const sentence of read.sentences) {
      const place = `${sentence.item}\n${sentence.field}\n${sentence.isHidden}`
      if (place !== leaf) this.#leaves++
      leaf = place
      const number = this.sentences.push(sentence) - 1
      this.#leafOf.push(this.#leaves)
      this.#count(sentence.forms)
      this.#note(sentence, number)
      if (!isReceipt && sentence.forms.size > 2) this.#speak(sentence.forms, number)
      const meeting = {
        sentence,
        number,
        taint,
        namedBy,
        isValue: isValue(sentence),
        labelled: labelledForms(sentence.text),
      }
      for (const form of sentence.forms) if (!answers.has(form)) this.#meet(form, meeting)
    }
  }

  occurrences(form: string): Occurrences | undefined {
    return this.#forms.get(form)
  }

  /** True where one of the forms stands in the sentence or in its neighbours in the same field that instruct too. */
  isNear(number: number, forms: Iterable<string>): boolean {
    const window = this.#window(number)
    for (const form of forms) if (window.some((sentence) => sentence.forms.has(form))) return true
    return false
  }

  /** Those of the forms that stand there. */
  near(number: number, forms: Iterable<string>): ReadonlySet<string> {
    const window = this.#window(number)
    const found = new Set<string>()
    for (const form of forms) if (window.some((sentence) => sentence.forms.has(form))) found.add(form)
    return found
  }

  /**
   * Number of the latest sentence, out of no receipt, that holds a form of the first group and with its neighbours one of each other. At
   * most {@link MAX_POSTINGS} are looked at for a form.
   */
  mention([first, ...others]: readonly (readonly string[])[]): number | undefined {
    for (const form of first ?? []) {
      for (const number of this.spokenOf(form, MAX_POSTINGS).toReversed()) {
        const near = this.#around(number)
        if (others.every((group) => group.some((other) => near.some(({ forms }) => forms.has(other))))) return number
      }
    }
    return undefined
  }

  /** Numbers of the latest sentences, out of no receipt, that speak of a concept, in order; at most so many. */
  spokenOf(concept: string, most: number): readonly number[] {
    return (this.#spoken.get(concept) ?? []).slice(-most)
  }

  /** A sentence with those before and behind it in its field. */
  #around(number: number): readonly Sentence[] {
    const leaf = this.#leafOf[number]
    return [number - 1, number, number + 1].flatMap((at) => {
      const sentence = this.sentences[at]
      return sentence === undefined || this.#leafOf[at] !== leaf ? [] : [sentence]
    })
  }

  /** Who the item of a sentence says that it is from, and all that stands in it: the mail, the file, the review; lower case. */
  itemOf(sentence: Sentence): Item {
    return this.#items.get(sentence.source)?.get(sentence.item) ?? { sender: '', text: '', first: 0 }
  }

  /** Number of a sentence of the latest item that holds an identifier in pieces; undefined where none does. */
  assembled(form: string): number | undefined {
    if (this.#sought >= MAX_SOUGHT) {
      this.unsought++
      return undefined
    }
    this.#sought++
    let left = MAX_ASSEMBLED_ITEMS
    for (let number = this.sentences.length - 1; number >= 0 && left > 0; left--) {
      const sentence = this.sentences[number]
      if (sentence === undefined) return undefined
      const item = this.itemOf(sentence)
      if (isAssembledFrom(form, item.text)) return number
      number = Math.min(number, item.first) - 1
    }
    return undefined
  }

  /** How much a form tells, from its rarity among all sentences so far. */
  rarity(form: string): number {
    const n = this.#documents
    const found = this.#frequency.get(form) ?? 0
    return Math.max(0.25, Math.log((n + 2) / (found + 1)) / Math.log(n + 2))
  }

  #window(number: number): readonly Sentence[] {
    const leaf = this.#leafOf[number]
    const found: Sentence[] = []
    for (let at = Math.max(0, number - WINDOW_BEFORE); at <= number + WINDOW_AFTER; at++) {
      const sentence = this.sentences[at]
      if (sentence === undefined || this.#leafOf[at] !== leaf) continue
      if (at === number || sentence.strength >= WINDOW_STRENGTH) found.push(sentence)
    }
    return found
  }

  #meet(form: string, { sentence, number, taint, namedBy, isValue, labelled }: Meeting): void {
    const known = this.#forms.get(form)
    const met = known ?? { instructing: [], strongest: 0, inData: false, wasField: false, first: number }
    if (known === undefined) this.#forms.set(form, met)
    met.strongest = Math.max(met.strongest, sentence.strength)
    if (sentence.strength < INSTRUCTS) {
      met.inData = true
      if (isValue || labelled.has(form)) {
        met.wasField = true
        const shape = shapeOf(form)
        if (shape !== undefined) this.shapes.add(shape)
      }
    } else if (met.instructing.length < MAX_POSTINGS) met.instructing.push(number)
    if (taint !== undefined && known === undefined && !this.trusted.has(form)) this.inherited.set(form, taint)
    if (namedBy !== undefined && known === undefined && !this.trusted.has(form)) this.named.set(form, namedBy)
  }

  /** Notes of which concepts a sentence speaks. */
  #speak(forms: ReadonlySet<string>, number: number): void {
    for (const form of forms) {
      if (!form.startsWith('~')) continue
      const spoken = this.#spoken.get(form)
      if (spoken === undefined) this.#spoken.set(form, [number])
      else spoken.push(number)
    }
  }

  #note({ source, item, field, text }: Sentence, number: number): void {
    let items = this.#items.get(source)
    if (items === undefined) this.#items.set(source, (items = new Map()))
    const known = items.get(item)
    const lower = text.toLowerCase()
    items.set(item, {
      first: known?.first ?? number,
      text: known === undefined ? lower : `${known.text}\n${lower}`,
      sender: SENDER.test(field) ? `${known?.sender ?? ''}\n${lower}` : (known?.sender ?? ''),
    })
  }

  #trust(source: SourceStep): void {
    const { text } = plainForm(source.text)
    const forms = new Set(tokensOf(text).map(({ form }) => form))
    if (source.channel === 'user') this.request.add(text, forms)
    for (const form of forms) this.trusted.add(form)
    this.#count(forms)
  }

  #count(forms: Iterable<string>): void {
    this.#documents++
    for (const form of forms) this.#frequency.set(form, (this.#frequency.get(form) ?? 0) + 1)
  }
}

/** A name, a title, an id with its kind: no sentence. */
function isValue({ text, forms }: Sentence): boolean {
  const blanks = text.match(/\s+/g)?.length ?? 0
  return blanks === 0 || (forms.size <= 2 && blanks < MAX_VALUE_WORDS)
}

const MAX_VALUE_WORDS = 4

/** A name at the beginning, or one of words with capitals; prose before a colon is none. */
const LABELLED = /(?:^[\p{L}\p{N} _-]{1,32}|\p{Lu}[\p{L}\p{N}]{0,32})\s?[:=]\s{1,4}([^\s,;"'<>()[\]{}]{3,100})/gu

/** Forms of the values that stand behind their name. */
function labelledForms(text: string): ReadonlySet<string> {
  if (!/[:=]\s/.test(text)) return NO_FORMS
  return new Set(
    Array.from(text.matchAll(LABELLED), ([, value = '']) => tokensOf(value).map(({ form }) => form)).flat(),
  )
}

const NO_FORMS: ReadonlySet<string> = new Set()

/** A claim of the item itself, as trusted as its channel makes it. */
export type Item = {
  readonly sender: string
  readonly text: string
  /** Number of its first sentence. */
  readonly first: number
}

/** The call that a source answers: by its id, else the last one of that tool. */
export function answeredCall(source: SourceStep, calls: ReadonlyMap<string, CallStep>): CallStep | undefined {
  const byId = source.callId === undefined ? undefined : calls.get(`id ${source.callId}`)
  return byId ?? (source.tool === undefined ? undefined : calls.get(`tool ${source.tool}`))
}

/** Notes a call where {@link answeredCall} finds it. */
export function noteCall(call: CallStep, calls: Map<string, CallStep>): void {
  if (call.callId !== undefined) calls.set(`id ${call.callId}`, call)
  calls.set(`tool ${call.tool}`, call)
}
