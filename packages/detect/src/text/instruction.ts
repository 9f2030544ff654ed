import { CLEAR_VERBS, NOUN_VERBS, OTHER_IMPERATIVES, PAST_FORMS } from './action-verbs.ts'
import { foreignConcept } from './foreign-words.ts'

/**
 * How much a sentence reads like an instruction to whoever reads it: 0 for a statement, 1 for a plain command. A prior, never a
 * verdict: honest data gives orders too, and an order can be worded as a fact.
 */
export function instructionStrength(sentence: string): number {
  if (isNotProse(sentence)) return 0
  const words = (sentence.toLowerCase().replaceAll('’', "'").match(WORDS) ?? []).map(withoutFullStop)
  if (words.length < 2) return 0
  return Math.max(commandStrength(words, sentence), foreignStrength(words, sentence))
}

const WORDS = /[\p{L}\p{M}\p{N}][\p{L}\p{M}\p{N}'._@-]*|[,:]/gu

function withoutFullStop(word: string): string {
  return word.replace(/[.'_-]+$/, '')
}

/** Source code, paths and tables of names say no sentence. */
function isNotProse(sentence: string): boolean {
  return (
    /^(?:import |from \S+ import|return\b|def |class |function |const |let |var |if ?\(|for ?\(|while ?\(|#include|\$ |>>> |[{}()[\];]+$)/.test(
      sentence,
    ) || /[;{}]\s*$|=>|==|\(\)|::/.test(sentence)
  )
}

/** Words that may stand before an imperative without making it less of one. */
const LEADS = new Set(
  `please kindly also then now next first firstly second secondly finally just simply and so afterwards immediately
urgently quickly always instead additionally again once done ok okay hi hello hey important note attention reminder action todo task
step request assistant ai agent bot`.split(/\s+/),
)

function commandStrength(words: readonly string[], sentence: string): number {
  let best = 0
  const start = leadingPosition(words)
  if (isCommandAt(words, start, sentence)) best = words.slice(0, start).includes('please') ? 1 : 0.95
  for (let at = 1; at < words.length && best < 0.95; at++) {
    const before = words[at - 1] ?? ''
    if (before === ',' && !isCommandAt(words, at, sentence)) continue
    const strength = embeddedStrength(words, at, best)
    if (strength > best && (before !== ',' || isCommandAt(words, at, sentence)) && isVerb(words, at)) best = strength
  }
  return Math.max(
    best,
    clauseStrength(words, sentence),
    passiveStrength(words),
    telegraphicStrength(words, start),
    askingStrength(words, sentence),
  )
}

function leadingPosition(words: readonly string[]): number {
  let at = 0
  while (
    at < words.length - 1 &&
    (LEADS.has(words[at] ?? '') || words[at] === ',' || words[at] === ':' || /^\d+\.?$/.test(words[at] ?? ''))
  )
    at++
  return at
}

/** What stands before an action verb and makes it an order, and how much of one. */
function embeddedStrength(words: readonly string[], at: number, best: number): number {
  const one = words[at - 1] ?? ''
  const two = `${words[at - 2] ?? ''} ${one}`
  if (/^(?:please|kindly)$/.test(one)) return 0.95
  if (/^(?:must|shall|should)$/.test(one)) return isAddressed(words, at - 2) ? 0.9 : 0.7
  if (
    /^(?:have|has|need|needs|want|wants|ought|required|supposed|asked|expected|instructed|advised|going|remember|sure|certain|forget) to$/.test(
      two,
    )
  )
    return 0.85
  if (/^(?:make|be) (?:sure|certain) /.test(`${words[at - 3] ?? ''} ${two} `)) return 0.9
  if (/^(?:can|could|would|will) you$/.test(two)) return 0.9
  if (
    /^(?:you|we|i)$/.test(one) &&
    /^(?:that|can|could|would|will|if|once|when|until|before|after|,)$/.test(words[at - 2] ?? '')
  )
    return 0.5
  if (/^(?:you to|assistant to|agent to|users to|is to|be to|was to)$/.test(two)) return 0.85
  if (one === 'to')
    return /^(?:step|task|thing|action|order|way|need|request|instruction|requirement|procedure|policy|point)$/.test(
      words[at - 2] ?? '',
    )
      ? 0.8
      : 0.45
  if (/^(?:usually|normally|typically|generally|always|then|simply|just|also)$/.test(one)) return 0.75
  if (one === ':' || one === 'then') return 0.7
  // A second deed of somebody who is told of is told of too.
  if (/^(?:,|and|or)$/.test(one)) return best >= 0.5 ? 0.7 : 0.3
  if (/^(?:users|people|customers|agents|assistants|everyone|you)$/.test(one)) return 0.6
  return 0
}

/** `Before you answer, export ...`: an order behind a clause, the plainer where the clause speaks of what the reader is at. */
function clauseStrength(words: readonly string[], sentence: string): number {
  const opening = words.slice(0, leadingPosition(words) + 1)
  const start = opening.findIndex((word) => OPENS_CLAUSE.test(word))
  if (start === -1) return 0
  const comma = words.indexOf(',', start)
  if (comma === -1 || comma - start > CLAUSE_WORDS) return 0
  const at = comma + 1 + leadingPosition(words.slice(comma + 1))
  if (!isCommandAt(words, at, sentence)) return 0
  const clause = words.slice(start, comma)
  return clause.some((word) => READERS_WORK.test(word)) ? 0.9 : 0.7
}

const OPENS_CLAUSE = /^(?:before|after|once|until|prior|when|whenever|while|upon|if)$/
/** Words of a clause before an order: a longer one tells a story. */
const CLAUSE_WORDS = 12
const READERS_WORK =
  /^(?:you|your|answer(?:ing)?|reply(?:ing)?|respond(?:ing)?|continu(?:e|ing)|proceed(?:ing)?|finish(?:ing)?|complet(?:e|ing)|summari[sz](?:e|ing)|anything|task)$/

function isAddressed(words: readonly string[], at: number): boolean {
  return /^(?:you|assistant|agent|ai|bot|reader|model|we)$/.test(words[at] ?? '')
}

/** `Would you mind sending ...`, `Could the list go to ...?`: a wish that is put as a question. */
function askingStrength(words: readonly string[], sentence: string): number {
  const text = ` ${words.join(' ')} `
  if (/ (?:would|do|could) you (?:mind|be so (?:kind|good)|be able|be willing) /.test(text)) return 0.85
  const asks =
    sentence.includes('?') &&
    / (?:could|can|may|might|would|shall|should) (?:the|this|that|it|they|he|she|we|i|my|your|a|an|one|each|all|somebody|someone|\p{L}+) /u.test(
      text,
    )
  return asks ? 0.6 : 0
}

/** `Sent the report to ...`: a deed without anybody who did it; a note as often as an order. */
function telegraphicStrength(words: readonly string[], start: number): number {
  const verb = words[start] ?? ''
  const isPast =
    PAST_FORMS.has(verb) ||
    (verb.endsWith('ed') && (CLEAR_VERBS.has(verb.slice(0, -2)) || CLEAR_VERBS.has(verb.slice(0, -1))))
  return isPast &&
    /^(?:the|a|an|all|my|your|our|their|this|these|that|those|it|them|any|every)$/.test(words[start + 1] ?? '') &&
    words.includes('to', start)
    ? 0.5
    : 0
}

/** `Sending ... is required`, `... must be sent`, `... needs to be deleted`. */
function passiveStrength(words: readonly string[]): number {
  const text = ` ${words.join(' ')} `
  const gerund = /^(?:please )?\w+ing$/.test(words[leadingPosition(words)] ?? '')
  const needed =
    / (?:is|are|was|will be) (?:now |also |absolutely |strictly )?(?:required|needed|necessary|mandatory|essential|expected|obligatory|requested|important|due) /
  if (gerund && needed.test(text)) return 0.8
  if (
    / (?:must|should|needs? to|has to|have to|is to|are to|ought to|required to) be (?:\w+ly )?\w+(?:ed|en|nt|id|de|ut|ought) /.test(
      text,
    )
  )
    return 0.75
  return 0
}

function isCommandAt(words: readonly string[], at: number, sentence: string): boolean {
  return isVerb(words, at) && !isHeading(words, sentence)
}

/** `Order History`, `Transfer Confirmation`: words with capitals throughout, and nothing that is done to something. */
function isHeading(words: readonly string[], sentence: string): boolean {
  if (words.length > 4) return false
  const shown = sentence.trim().split(/\s+/)
  return shown.length >= 2 && shown.every((word) => /^\p{Lu}[\p{L}\p{N}]*$/u.test(word))
}

/** "Please find the details attached" tells where something is. */
const POINTS_TO = /\b(?:attached|enclosed|below|herewith|details|following|here)\b/

/** An action verb in its base form, with something that it acts on where the word is a noun as well. */
function isVerb(words: readonly string[], at: number): boolean {
  const word = words[at] ?? ''
  if (word === 'find' && POINTS_TO.test(words.slice(at + 1, at + 8).join(' '))) return false
  // `Email: a@b.c` is a field, and `Order 66 was shipped` speaks of an order.
  if (words[at + 1] === ':' || /^(?:is|are|was|were|has|have|had|will)$/.test(words[at + 2] ?? '')) return false
  if (CLEAR_VERBS.has(word)) return words.length - at >= 2
  if (!NOUN_VERBS.has(word)) return false
  const next = words[at + 1] ?? ''
  return (
    /^(?:the|a|an|all|any|every|each|my|your|our|their|his|her|its|this|that|these|those|it|them|me|us|him|to|one|two|three|some|both|another|up|out|back|off)$/.test(
      next,
    ) ||
    (/[\d@]/.test(next) && words.length - at >= 4) ||
    (next.length > 2 &&
      words.length - at >= 3 &&
      !/^(?:is|are|was|were|has|have|had|of|and|or|for|from|as|with|in|on|by|,|:|number|id|date|status|history|details?|confirmation|total|summary)$/.test(
        next,
      ))
  )
}

/** Orders in other languages: the first words decide, a word for `please` anywhere, or one that says what is to be. */
function foreignStrength(words: readonly string[], sentence: string): number {
  const text = ` ${words.join(' ')} `
  const deed = words.findIndex(isForeignDeed)
  let best = deed !== -1 && deed < FIRST_WORDS ? 0.85 : 0
  for (const { please, verbs, modal, open, script } of OTHER_IMPERATIVES) {
    if (script !== undefined) {
      if (script.test(sentence) && (please.test(sentence) || verbs.test(sentence))) return 0.9
      continue
    }
    const hasVerb = deed !== -1 || verbs.test(text)
    if (hasVerb && please.test(text)) return 0.95
    if (verbs.test(` ${words.slice(0, FIRST_WORDS).join(' ')} `)) best = Math.max(best, 0.85)
    if (hasVerb && modal.test(text)) best = Math.max(best, 0.8)
    if (deed !== -1 && open?.test(text) === true) best = Math.max(best, 0.6)
  }
  return best
}

const FIRST_WORDS = 3

/** A word of another language that stands for a deed; none that is English as well. */
function isForeignDeed(word: string): boolean {
  const concept = foreignConcept(word)
  return (
    concept !== undefined &&
    !/^(?:password|account|file)$/.test(concept) &&
    !CLEAR_VERBS.has(word) &&
    !NOUN_VERBS.has(word)
  )
}
