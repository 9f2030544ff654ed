import { NOUN_VERBS } from '../text/action-verbs.ts'
import { wordForm } from '../text/words.ts'

/** Concepts that are deeds, of those that words stand for (text/concepts.ts). */
export const DEEDS: ReadonlySet<string> = new Set(
  [
    'pay',
    'send',
    'buy',
    'delete',
    'create',
    'change',
    'share',
    'read',
    'invite',
    'schedule',
    'cancel',
    'run',
    'grant',
    'refund',
    'write',
    'reply',
    'download',
  ].map((name) => `~${name}`),
)

/** `orders`, `payments`: of things, never asked for so. */
function isPlural(word: string): boolean {
  return word.endsWith('s') && NOUN_VERBS.has(word.slice(0, -1))
}

/** What stands before a noun: "the email", "my order", "from mail". */
const BEFORE_NOUN =
  /^(?:the|a|an|my|your|his|her|their|our|its|this|that|these|those|from|in|of|by|with|any|all|each|every|last|latest|first|new|next|recent|unread|received|which|what|whose|for|about|on|at|no|some|several)$/

/** The deeds that a text asks for or speaks of as deeds: not the mail that is read, but the mail that is to be sent. */
export function deedsIn(text: string): readonly string[] {
  const words = text.toLowerCase().match(/[\p{L}\p{M}'’-]+/gu) ?? []
  return words.flatMap((word, i) => {
    const form = wordForm(word)
    return form !== undefined && DEEDS.has(form) && !BEFORE_NOUN.test(words[i - 1] ?? '') && !isPlural(word)
      ? [form]
      : []
  })
}

/** Deeds of which one is often the means of the other. */
const KIN: readonly (readonly string[])[] = [
  ['~pay', '~refund', '~buy'],
  ['~send', '~reply', '~share'],
  ['~create', '~write', '~schedule', '~invite'],
  ['~change', '~write', '~create'],
  ['~delete', '~cancel'],
]

/** The deed itself, and those that it may be a means of. */
export function kinOf(deed: string): readonly string[] {
  return [deed, ...KIN.filter((kin) => kin.includes(deed)).flat()]
}
