import { tokensOf } from '../text/words.ts'
import type { Sentence } from './sentences.ts'
import type { CallStep } from './steps.ts'

const HANDS_OVER =
  /\b(?:do|perform|complete|execute|carry out|follow|fulfil+|handle|take care of|act on|implement|address|process|apply|comply with)\b[^.?!]{0,60}\b(?:instruction|task|action|step|request|to-?do|item|ask|direction|what|everything|all|accordingly|guide|procedure|says?|asks?|mention|list|describ)|\baccordingly\b|\b(?:as|what|whatever|everything)\b[^.?!]{0,40}\b(?:says?|asks?|instruct|describ|mention|request|list|specif|state|need|want)/i

/** True where the user's words leave the decision to a text: "do what the mail from Sarah says". */
export function handsOver(userText: string): boolean {
  return HANDS_OVER.test(userText)
}

export type Naming = {
  readonly userTexts: readonly string[]
  readonly calls: readonly CallStep[]
  /** What stands in the item of the sentence, lower case. */
  readonly itemText: string
}

/** True where the user speaks of the one that the item is from: a name or address of theirs. */
export function isFromNamed(sender: string, userTexts: readonly string[]): boolean {
  if (sender === '') return false
  const people = userTexts.flatMap((text) => [
    ...[...text.matchAll(/[\p{L}\p{N}._%+-]+@[\p{L}\p{N}.-]+/gu)].map(([address]) => address.toLowerCase()),
    // A capital in the middle of a sentence is a name.
    ...[...text.matchAll(/(?<=[\p{Ll},'"]\s+['"]?)\p{Lu}\p{Ll}{2,}/gu)].map(([name]) => name.toLowerCase()),
  ])
  return people.some((name) => sender.includes(name))
}

/**
 * True where the user named what the sentence stands in: by a title in quotes or an address that stands in that very item, by the file or
 * id with which it was fetched, or by the words it was searched with.
 */
export function isNamedByUser(sentence: Sentence, { userTexts, calls, itemText }: Naming): boolean {
  const named = new Set<string>()
  const quoted: string[] = []
  for (const text of userTexts) {
    for (const { form, kind } of tokensOf(text)) if (kind === 'identifier') named.add(form)
    for (const [, title] of text.matchAll(QUOTED)) if (title !== undefined) quoted.push(title.toLowerCase())
  }
  const titles = quoted.filter((title) => !title.includes('@'))
  if (titles.length > 0 && titles.some((title) => itemText.includes(title))) return true
  const { source } = sentence
  const fetch = calls.findLast((call) =>
    source.callId === undefined ? call.tool === source.tool : call.callId === source.callId,
  )
  const asked = fetch === undefined ? [] : tokensOf(fetch.arguments)
  // A title that the user gave is what tells the item; where it has none, what it was fetched by.
  if (titles.length > 0) return titles.some((title) => fetch?.arguments.toLowerCase().includes(title) === true)
  if (asked.some(({ form, kind }) => kind === 'identifier' && named.has(form))) return true
  const user = new Set(userTexts.flatMap((text) => tokensOf(text).map(({ form }) => form)))
  const words = asked.filter(({ kind }) => kind === 'word').map(({ form }) => form)
  return words.length > 0 && words.every((form) => user.has(form))
}

const QUOTED = /["'“‘]([^"'”’]{3,120})["'”’]/g
