import type { ProjectionStore } from '@holdfast/recorder'
import { decodeDoc } from './docs.ts'
import { keys, lastPart } from './keys.ts'
import { wordsOf } from './name-words.ts'

/** Names looked at that hold the longest word: a word that more of them hold is too common to be looked up by. */
const NAMES_SCANNED = 2_000

type NamesWithWords = { readonly kind: 'tool' | 'document'; readonly text: string; readonly most: number }

/** `uri`: the address that the document was read at, empty where none was told. */
export type NameWithWords = { readonly name: string; readonly uri: string }

/** Names, or names whose address, hold every word of a text, each as a word or the start of one. */
export function namesWithWords(
  store: Pick<ProjectionStore, 'scan'>,
  { kind, text, most }: NamesWithWords,
): readonly NameWithWords[] {
  const words = wordsOf(text).toSorted((a, b) => b.length - a.length)
  const [rarest, ...others] = words
  if (rarest === undefined) return []
  const found = new Map<string, NameWithWords>()
  for (const [key, bytes] of store.scan({ prefix: keys.wordPrefix(kind, rarest), limit: NAMES_SCANNED })) {
    const name = lastPart(key)
    const uri = decodeDoc<string>(bytes)
    const held = others.length === 0 ? [] : [...wordsOf(name), ...wordsOf(uri)]
    if (!others.every((word) => held.some((one) => one.startsWith(word)))) continue
    if (!found.has(name) || uri !== '') found.set(name, { name, uri })
    if (found.size === most) break
  }
  return [...found.values()]
}
