import { MAX_SENTENCES } from '../limits.js'
import { instructionStrength } from '../text/instruction.js'
import { leavesOf } from '../text/leaves.js'
import { plainForm } from '../text/plain-form.js'
import { sentencesOf } from '../text/sentences.js'
import { tokensOf } from '../text/words.js'
import { decodedTexts } from './decoded.js'
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
export function readSentences(source, { bound = MAX_SENTENCES, trust = 0 } = {}) {
  const { text, hadHidden } = plainForm(source.text)
  const sentences = []
  const field = (texts, place, isHidden) => {
    const own = texts.map(instructionStrength)
    let carried = 0
    for (const [i, sentence] of texts.entries()) {
      if (sentences.length >= bound) return
      const part = REPORT.test(sentence) ? REPORT_NEIGHBOUR : NEIGHBOUR
      // "I need a lamp. Please buy one.": what the pronoun stands for is part of the order.
      const after = (own[i + 1] ?? 0) * (PRONOUN.test(texts[i + 1] ?? '') ? ANTECEDENT : part)
      // What follows an order is mostly what it is to be carried out with.
      carried = Math.max((own[i - 1] ?? 0) * part, carried * FADING)
      const lent = Math.max(carried, after)
      const strength = Math.max(own[i] ?? 0, texts.length > 1 ? lent : 0)
      sentences.push({
        text: sentence,
        source,
        item: place.item,
        field: place.field,
        forms: new Set(tokensOf(sentence).map(({ form }) => form)),
        strength: (isHidden ? Math.max(strength, HIDDEN_STRENGTH) : strength) * (1 - trust),
        isHidden,
      })
    }
  }
  for (const leaf of leavesOf(text)) {
    field(sentencesOf(leaf.text), leaf, false)
    for (const decoded of decodedTexts(leaf.text)) field(sentencesOf(decoded), leaf, true)
  }
  // Letters that nobody sees: the whole source is read once more as it was meant.
  if (hadHidden && source.text.length > text.length + 8) field(sentencesOf(text), { item: 0, field: '' }, true)
  return sentences
}
const PRONOUN = /\b(?:it|one|ones|this|that|them|these|those|him|her|there)\b/i
const REPORT = /\b(?:was|were|has been|have been|had been)\s+\p{L}+(?:ed|en)\b/iu
//# sourceMappingURL=sentences.js.map
