import { MAX_SENTENCES } from '../limits.ts'
import { plainForm } from '../text/plain-form.ts'
import { tokensOf } from '../text/words.ts'
import { deedsIn } from './deeds.ts'
import { readSentences, type Sentence } from './sentences.ts'
import { type CallStep, type SourceStep, UNTRUSTED } from './steps.ts'

/** Where a form was met in texts that nobody vouches for. */
export type Occurrences = {
  /** Numbers of the sentences, in order. */
  readonly sentences: number[]
  /** Highest strength of a sentence that holds it. */
  strongest: number
  /** It stood in a sentence that gives no instruction, or as a field of its own. */
  inData: boolean
  /** It was the whole of a field once: a value that a system gave, not one that somebody wrote into a text. */
  wasField: boolean
}

export type Arrival = {
  /** Forms of the arguments of the call that the source answers; an acknowledgement repeats them and is no source. */
  readonly answers: ReadonlySet<string>
  /** How far that call was itself what a foreign instruction asked for, 0 to 1, and by which sentence. */
  readonly taint: Taint | undefined
  /** The source answers a call with an effect: "please verify your account" is the tool's own word, mostly. */
  readonly isReceipt: boolean
}

export type Taint = { readonly amount: number; readonly witness: number }

const SENDER = /^(?:sender|from|author|owner|creator|organi[sz]er|writer|by)$/i

const RECEIPT_TRUST = 0.65

/** From this strength on a sentence counts as one that instructs. */
export const INSTRUCTS = 0.4

/** What stood in the context before an act: the forms of every source, and the sentences of those that nobody vouches for. */
export class ContextIndex {
  readonly sentences: Sentence[] = []
  /** First sentence of the leaf that a sentence stands in, so that neighbours can be told. */
  readonly leafOf: number[] = []
  /** Forms that the task's owner or the agent's author gave. */
  readonly trusted = new Set<string>()
  /** Those of the task's owner alone. */
  readonly asked = new Set<string>()
  /** Deeds that the task's owner asked for. */
  readonly askedDeeds = new Set<string>()
  readonly userTexts: string[] = []
  /** Values that came in with what a foreign instruction had fetched -> how much of it. */
  readonly inherited = new Map<string, Taint>()
  readonly #forms = new Map<string, Occurrences>()
  readonly #frequency = new Map<string, number>()
  #documents = 0
  #leaves = 0

  add(source: SourceStep, { answers, taint, isReceipt }: Arrival): void {
    if (source.channel === 'user' || source.channel === 'system') return this.#trust(source)
    if (!UNTRUSTED.has(source.channel)) return
    let leaf = ''
    for (const sentence of readSentences(source, {
      bound: MAX_SENTENCES - this.sentences.length,
      trust: isReceipt ? RECEIPT_TRUST : 0,
    })) {
      const place = `${sentence.item}\n${sentence.field}\n${sentence.isHidden}`
      if (place !== leaf) this.#leaves++
      leaf = place
      const number = this.sentences.push(sentence) - 1
      this.leafOf.push(this.#leaves)
      this.#count(sentence.forms)
      const isField = sentence.forms.size <= 2 && sentence.strength < INSTRUCTS
      for (const form of sentence.forms) {
        if (answers.has(form)) continue
        const known = this.#forms.get(form)
        const occurrences = known ?? { sentences: [], strongest: 0, inData: false, wasField: false }
        if (known === undefined) this.#forms.set(form, occurrences)
        occurrences.sentences.push(number)
        occurrences.strongest = Math.max(occurrences.strongest, sentence.strength)
        if (sentence.strength < INSTRUCTS) occurrences.inData = true
        if (isField) occurrences.wasField = true
        if (taint !== undefined && known === undefined && !this.trusted.has(form)) this.inherited.set(form, taint)
      }
    }
  }

  occurrences(form: string): Occurrences | undefined {
    return this.#forms.get(form)
  }

  /** Who an item says that it is from; lower case. A claim of the item, as trusted as its channel makes it. */
  senderOf(sentence: Sentence): string {
    return this.sentences
      .filter(({ source, item, field }) => source === sentence.source && item === sentence.item && SENDER.test(field))
      .map(({ text }) => text)
      .join('\n')
      .toLowerCase()
  }

  /** All that stands in the item that a sentence is of: the mail, the file, the review; lower case. */
  itemText(sentence: Sentence): string {
    return this.sentences
      .filter(({ source, item }) => source === sentence.source && item === sentence.item)
      .map(({ text }) => text)
      .join('\n')
      .toLowerCase()
  }

  /** How much a form tells, from its rarity among all sentences so far. */
  rarity(form: string): number {
    const n = this.#documents
    const found = this.#frequency.get(form) ?? 0
    return Math.max(0.25, Math.log((n + 2) / (found + 1)) / Math.log(n + 2))
  }

  #trust(source: SourceStep): void {
    const { text } = plainForm(source.text)
    const forms = new Set(tokensOf(text).map(({ form }) => form))
    if (source.channel === 'user') {
      this.userTexts.push(text)
      for (const form of forms) this.asked.add(form)
      for (const deed of deedsIn(text)) this.askedDeeds.add(deed)
    }
    for (const form of forms) this.trusted.add(form)
    this.#count(forms)
  }

  #count(forms: Iterable<string>): void {
    this.#documents++
    for (const form of forms) this.#frequency.set(form, (this.#frequency.get(form) ?? 0) + 1)
  }
}

/** The call that a source answers: by its id, else the last one of that tool. */
export function answeredCall(source: SourceStep, calls: readonly CallStep[]): CallStep | undefined {
  if (source.callId !== undefined) {
    const byId = calls.findLast((call) => call.callId === source.callId)
    if (byId !== undefined) return byId
  }
  return source.tool === undefined ? undefined : calls.findLast((call) => call.tool === source.tool)
}
