/** Text of a name that is looked over, its words, and the characters of each: more would be a document and no name. */
const NAME_CHARACTERS = 2_048
const NAME_WORDS = 24
const WORD_CHARACTERS = 64

/** What finds a name: its words in lower case, each once, without the scheme of an address; `lookupOrder` holds two. */
export function wordsOf(text: string): readonly string[] {
  const parted = text
    .slice(0, NAME_CHARACTERS)
    .replace(/^[a-z][a-z0-9+.-]*:\/\//i, '')
    .replace(/([\p{Ll}\p{N}])(\p{Lu})/gu, '$1 $2')
  const words = (parted.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).filter((word) => word.length > 1)
  return [...new Set(words.map((word) => word.slice(0, WORD_CHARACTERS)))].slice(0, NAME_WORDS)
}
