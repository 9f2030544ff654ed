import { MAX_LEAVES, MAX_SENTENCES } from '../limits.ts'
import { instructionStrength } from '../text/instruction.ts'
import { leavesOf } from '../text/leaves.ts'
import { plainForm } from '../text/plain-form.ts'
import { sentencesOf } from '../text/sentences.ts'
import { tokensOf } from '../text/words.ts'
import { isDestination } from './arguments.ts'
import { decodedTexts } from './decoded.ts'
import type { SourceStep } from './steps.ts'

/** One sentence that entered the context, with what it names. */
export type Sentence = {
  readonly text: string
  readonly source: SourceStep
  /** Which item of the source's list, and which field of it. */
  readonly item: number
  readonly field: string
  /** Forms of its tokens. */
  readonly forms: ReadonlySet<string>
  /** Addresses, hosts and accounts among them. */
  readonly destinations: readonly string[]
  /** How much it reads like an instruction, 0 to 1; neighbours in the same field lend it some. */
  readonly strength: number
  /** It stood in hidden characters or under an encoding. */
  readonly isHidden: boolean
}

/** What was read, and how many sentences a bound left out. */
export type Read = { readonly sentences: readonly Sentence[]; readonly unread: number }

/** Part of a neighbour's strength that a sentence of the same field takes on. */
const NEIGHBOUR = 0.7
/** What is said of deeds in the passive voice is mostly a report. */
const REPORT_NEIGHBOUR = 0.3
/** What is left of lent strength from one sentence to the next. */
const FADING = 0.9
/** A sentence whose thing the next one orders about. */
const ANTECEDENT = 0.95
const HIDDEN_STRENGTH = 0.9

/** The sentences of a source, each field by itself. `trust`: how far what it says is believed to be no instruction of a stranger, 0 to 1. */
export function readSentences(
  source: SourceStep,
  { bound = MAX_SENTENCES, trust = 0 }: { readonly bound?: number; readonly trust?: number } = {},
): Read {
  const { text, revealed } = plainForm(source.text)
  const sentences: Sentence[] = []
  let unread = 0
  const field = (
    texts: readonly string[],
    place: { readonly item: number; readonly field: string },
    isHidden: boolean,
  ): void => {
    const own = texts.map(instructionStrength)
    let carried = 0
    for (const [i, sentence] of texts.entries()) {
      if (sentences.length >= bound) {
        unread += texts.length - i
        return
      }
      const part = REPORT.test(sentence) ? REPORT_NEIGHBOUR : NEIGHBOUR
      // "I need a lamp. Please buy one.": what the pronoun stands for is part of the order.
      const after = (own[i + 1] ?? 0) * (PRONOUN.test(texts[i + 1] ?? '') ? ANTECEDENT : part)
      // What follows an order is mostly what it is to be carried out with.
      carried = Math.max((own[i - 1] ?? 0) * part, carried * FADING)
      const lent = Math.max(carried, after)
      const strength = Math.max(own[i] ?? 0, texts.length > 1 ? lent : 0)
      const tokens = tokensOf(sentence)
      sentences.push({
        text: sentence,
        source,
        item: place.item,
        field: place.field,
        forms: new Set(tokens.map(({ form }) => form)),
        destinations: tokens.filter(isDestination).map(({ form }) => form),
        strength: (isHidden ? Math.max(strength, HIDDEN_STRENGTH) : strength) * (1 - trust),
        isHidden,
      })
    }
  }
  const leaves = leavesOf(text)
  // How much was left out is not known, only that it was.
  if (leaves.length >= MAX_LEAVES) unread++
  for (const leaf of leaves) {
    // Escapes may have held what nobody sees.
    const inner = plainForm(leaf.text)
    field(sentencesOf(inner.text), leaf, false)
    for (const decoded of decodedTexts(inner.text)) field(sentencesOf(decoded), leaf, true)
    if (inner.revealed !== '') field(sentencesOf(plainForm(inner.revealed).text), leaf, true)
  }
  if (revealed !== '') field(sentencesOf(plainForm(revealed).text), { item: 0, field: '' }, true)
  return { sentences, unread }
}

const PRONOUN = /\b(?:it|one|ones|this|that|them|these|those|him|her|there)\b/i

const REPORT = /\b(?:was|were|has been|have been|had been)\s+\p{L}+(?:ed|en)\b/iu
