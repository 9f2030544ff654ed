import { counted } from '@holdfast/model'
import { MAX_HANDOVERS, MAX_SWEEP_ROUNDS, RUN_TAINTS, RUN_DOUBTS, VALUE_LENGTH } from '../limits.ts'
import { WordRuns, wordsOf } from './shared-runs.ts'

/** A text as the log has it. `absent`: it was not captured, and nothing is concluded from that. */
export type SweptText =
  | { readonly state: 'whole'; readonly text: string; readonly digest: string; readonly entry: number }
  | { readonly state: 'cut'; readonly text: string; readonly entry: number }
  | { readonly state: 'absent'; readonly reason: string }

/** Work that one agent gave another, with what crossed. */
export type Handover = {
  readonly id: string
  readonly giver: string
  readonly receiver: string
  readonly payload: SweptText
}

export type SweepQuestion = {
  /** The text that began it, and others that are known to be of it. Without any nobody is cleared. */
  readonly poison: readonly { readonly text: string; readonly digest: string }[]
  /** What stood around it in the same document: a passage of it elsewhere leaves a receiver undecided. */
  readonly around?: readonly { readonly text: string; readonly digest: string }[]
  /** Agents in whose context it stood. */
  readonly tainted: readonly string[]
  readonly handovers: readonly Handover[]
  /** What is known of a receiver's contexts; a receiver of which nothing is known is not cleared. */
  readonly contextsOf: (agent: string) => readonly SweptText[]
  /** What agents are told by their owners: the same words there say nothing. */
  readonly clean: readonly string[]
  /** Hand-overs and log entries that were left out before: any of them may have reached anybody. */
  readonly unread?: number
}

/** Why a receiver is tainted, undecided or cleared. The last is said of nothing that was not read whole. */
export type ReceiverVerdict = {
  readonly receiver: string
  readonly verdict: 'tainted' | 'undecided' | 'cleared'
  readonly words: string
  /** The words or value that both had. Captured text: untrusted. */
  readonly shared?: string
  /** What was read: hand-overs by id, and log entries of payloads and contexts. */
  readonly handovers: readonly string[]
  readonly entries: readonly number[]
  /** What this proof cannot rule out. */
  readonly notExcluded?: string
}

export type Sweep = {
  readonly receivers: readonly ReceiverVerdict[]
  /** Hand-overs past the bound, not looked at: whom they reached is not cleared. */
  readonly cut: number
}

/**
 * Follows the poison from hand-over to hand-over and replays what crossed. Hand-overs of cleared agents are not followed,
 * those of undecided ones are. The order of the input changes nothing. Step by step: a sweep reads whatever entered the contexts of
 * everybody, and again in each round.
 */
export function* sweepReceivers(question: SweepQuestion): Generator<undefined, Sweep, undefined> {
  const { handovers, cut, isOpen } = boundedHandovers(question.handovers)
  const clean = new WordRuns([RUN_TAINTS, RUN_DOUBTS, 1])
  for (const text of question.clean) clean.add(text)
  const poison = new Poison(clean, question.around ?? [])
  for (const { text, digest } of question.poison) poison.add(text, digest)
  const suspects = new Set(question.tainted)
  let verdicts: ReadonlyMap<string, ReceiverVerdict> = new Map()
  let isStable = false
  for (let round = 0; round < MAX_SWEEP_ROUNDS && !isStable; round++) {
    const size = poison.size
    const known = suspects.size
    verdicts = yield* verdictsOf({ handovers, suspects, poison, question, before: verdicts })
    for (const { verdict, receiver } of verdicts.values()) if (verdict !== 'cleared') suspects.add(receiver)
    isStable = poison.size === size && suspects.size === known
  }
  const receivers = [...verdicts.values()].toSorted((a, b) => compare(a.receiver, b.receiver))
  const doubt = doubtOf({ isOpen, isStable, unread: question.unread ?? 0 })
  return {
    receivers: doubt === undefined ? receivers : receivers.map((one) => withoutClearing(one, doubt)),
    cut,
  }
}

/** Why nobody at all is cleared. */
function doubtOf({
  isOpen,
  isStable,
  unread,
}: {
  readonly isOpen: boolean
  readonly isStable: boolean
  readonly unread: number
}): string | undefined {
  if (isOpen) return 'hand-overs to agents unknown lie past the bound'
  if (unread > 0) return `${unread} records of the incident lie past the bound and were not read`
  return isStable ? undefined : 'the poison was still spreading when the bound was reached'
}

/**
 * As many as are read, in an order that the input's does not change. What lies past the bound stands once for each giver and
 * receiver, as something that was not read; `isOpen` where even those are too many.
 */
function boundedHandovers(all: readonly Handover[]): {
  readonly handovers: readonly Handover[]
  readonly cut: number
  readonly isOpen: boolean
} {
  const ordered = all.toSorted((a, b) => compare(a.id, b.id))
  const rest = ordered.slice(MAX_HANDOVERS)
  const pairs = new Map(rest.map((one) => [JSON.stringify([one.giver, one.receiver]), one]))
  const unread = [...pairs.values()].map((one): Handover => ({
    ...one,
    payload: { state: 'absent', reason: 'it lies past the bound of one sweep' },
  }))
  return {
    handovers: [...ordered.slice(0, MAX_HANDOVERS), ...unread.slice(0, MAX_HANDOVERS)],
    cut: rest.length,
    isOpen: unread.length > MAX_HANDOVERS,
  }
}

type Round = {
  readonly handovers: readonly Handover[]
  readonly suspects: ReadonlySet<string>
  readonly poison: Poison
  readonly question: SweepQuestion
  /** Of the round before: what tainted a receiver first is what is said of it. */
  readonly before: ReadonlyMap<string, ReceiverVerdict>
}

/** Texts that are read in one go: some hundred thousand characters, as contexts are. */
const TEXTS_A_STEP = 32

/** One round: every receiver of a suspect. Payloads that are found tainted become poison for the next round. */
function* verdictsOf({
  handovers,
  suspects,
  poison,
  question,
  before,
}: Round): Generator<undefined, ReadonlyMap<string, ReceiverVerdict>, undefined> {
  const byReceiver = Map.groupBy(
    handovers.filter(({ giver }) => suspects.has(giver)),
    ({ receiver }) => receiver,
  )
  const found: { readonly text: SweptText; readonly isHandedOn: boolean }[] = []
  const verdicts = new Map<string, ReceiverVerdict>()
  for (const [receiver, own] of byReceiver) {
    const contexts = question.contextsOf(receiver)
    const texts = [...own.map(({ payload }) => payload), ...contexts]
    const readings: Reading[] = []
    for (const text of texts) {
      if (readings.length % TEXTS_A_STEP === 0) yield
      readings.push(poison.read(text))
    }
    // What was handed on is all of it poison; of what a tool answered with an address of it in it, the rest is the tool's.
    const isPoison = (at: number): boolean =>
      readings[at]?.verdict === 'tainted' && (at < own.length || readings[at].isOfValue !== true)
    texts.forEach((text, at) => {
      if (isPoison(at)) found.push({ text, isHandedOn: at < own.length })
    })
    const worst = firstTaint(before.get(receiver)) ?? worstOf(readings) ?? (contexts.length === 0 ? UNKNOWN : undefined)
    const entries = texts.flatMap((text) => (text.state === 'absent' ? [] : [text.entry]))
    const base = {
      receiver,
      handovers: own.map(({ id }) => id),
      entries: [...new Set(entries)].toSorted((a, b) => a - b),
    }
    verdicts.set(
      receiver,
      worst === undefined
        ? {
            ...base,
            verdict: 'cleared',
            words: `${counted(own.length, 'hand-over')} and ${counted(contexts.length, 'text')} of its contexts were read whole and share no run of ${RUN_DOUBTS} words and no value with ${counted(poison.size, 'tainted text')}`,
            notExcluded: 'the same order in wholly other words',
          }
        : { ...base, ...saidOf(worst) },
    )
  }
  for (const { text, isHandedOn } of found)
    if (text.state === 'whole') poison.add(text.text, text.digest, { hasValues: isHandedOn })
  return verdicts
}

/** A receiver that records nothing of itself may have been told the same another way. */
const UNKNOWN: Reading = { verdict: 'undecided', words: 'nothing of its contexts is known' }

function firstTaint(verdict: ReceiverVerdict | undefined): Reading | undefined {
  if (verdict?.verdict !== 'tainted') return undefined
  const { words, shared } = verdict
  return { verdict: 'tainted', words, ...(shared === undefined ? {} : { shared }) }
}

function worstOf(readings: readonly Reading[]): Reading | undefined {
  const of = (verdict: Reading['verdict']) => readings.find((reading) => reading.verdict === verdict)
  return of('tainted') ?? of('undecided')
}

/** `isOfValue`: a value was shared, and no sentence. */
type Reading = Pick<ReceiverVerdict, 'verdict' | 'words' | 'shared'> & { readonly isOfValue?: true }

function saidOf({ verdict, words, shared }: Reading): Pick<ReceiverVerdict, 'verdict' | 'words' | 'shared'> {
  return { verdict, words, ...(shared === undefined ? {} : { shared }) }
}

class Poison {
  readonly #runs = new WordRuns([RUN_TAINTS, RUN_DOUBTS])
  readonly #values = new Set<string>()
  readonly #digests = new Set<string>()
  readonly #clean: WordRuns
  /** What stood around the order: by itself it taints nobody. */
  readonly #around: Poison | undefined

  constructor(clean: WordRuns, around: NonNullable<SweepQuestion['around']> = []) {
    this.#clean = clean
    if (around.length === 0) return
    this.#around = new Poison(clean)
    for (const { text, digest } of around) this.#around.add(text, digest)
  }

  /** Texts that are known to be of it. */
  get size(): number {
    return this.#digests.size
  }

  /** Without `hasValues` its sentences count and its single words do not: an answer is full of its protocol's names. */
  add(text: string, digest: string, { hasValues }: { readonly hasValues: boolean } = { hasValues: true }): void {
    if (this.#digests.has(digest)) return
    this.#digests.add(digest)
    this.#runs.add(text)
    if (!hasValues) return
    for (const word of wordsOf(text)) if (isValue(word)) this.#values.add(word)
  }

  read(text: SweptText): Reading {
    if (text.state === 'absent') return { verdict: 'undecided', words: `what crossed is not there: ${text.reason}` }
    if (text.state === 'whole' && this.#digests.has(text.digest)) {
      return { verdict: 'tainted', words: 'the tainted text itself crossed' }
    }
    const run = this.#runs.shared(text.text, RUN_TAINTS, this.#clean)
    if (run !== undefined) return { verdict: 'tainted', words: 'a sentence of the tainted text crossed', shared: run }
    const words = wordsOf(text.text)
    const value = words.find((word) => this.#values.has(word) && !this.#isKnown(word))
    if (value !== undefined) {
      return {
        verdict: 'tainted',
        words: 'a value that only the tainted text brought crossed',
        shared: value,
        isOfValue: true,
      }
    }
    if (text.state === 'cut') return { verdict: 'undecided', words: 'what crossed was cut when it was recorded' }
    if (this.size === 0)
      return { verdict: 'undecided', words: 'no tainted text is known that it could be held against' }
    const passage = this.#around?.read(text)
    if (passage?.verdict === 'tainted')
      return { ...passage, verdict: 'undecided', words: 'a passage from around the tainted text crossed' }
    const few = this.#runs.shared(text.text, RUN_DOUBTS, this.#clean)
    if (few !== undefined) return { verdict: 'undecided', words: 'some words of the tainted text crossed', shared: few }
    const probe = new WordRuns([RUN_DOUBTS])
    probe.add(text.text)
    if (probe.isCut || this.#runs.isCut) return { verdict: 'undecided', words: 'a text was too long to be read whole' }
    return { verdict: 'cleared', words: '' }
  }

  #isKnown(word: string): boolean {
    const one = new WordRuns([1])
    one.add(word)
    return one.shared(word, 1, this.#clean) === undefined
  }
}

/** A word that stands for one thing: an address, a name with a sign or a number in it. */
function isValue(word: string): boolean {
  return word.length >= VALUE_LENGTH && /[\p{N}@./:_-]/u.test(word)
}

/** What may still change is not cleared. */
function withoutClearing(verdict: ReceiverVerdict, words: string): ReceiverVerdict {
  if (verdict.verdict !== 'cleared') return verdict
  const { notExcluded: _, ...rest } = verdict
  return { ...rest, verdict: 'undecided', words }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
