/** Endings that a word takes without meaning another thing, longest first. Rough: it is used to compare, never shown. */
const ENDINGS: readonly (readonly [ending: string, left: string, least: number])[] = [
  ['ational', 'ate', 3],
  ['ization', 'ize', 3],
  ['fulness', 'ful', 3],
  ['iveness', 'ive', 3],
  ['ations', 'at', 3],
  ['ation', 'at', 3],
  ['ments', 'ment', 3],
  ['ingly', '', 4],
  ['edly', '', 4],
  ['ies', 'y', 3],
  ['ied', 'y', 3],
  ['ings', '', 4],
  ['ing', '', 3],
  ['ions', 'ion', 3],
  ['sses', 'ss', 2],
  ['shes', 'sh', 2],
  ['ches', 'ch', 2],
  ['xes', 'x', 2],
  ['ers', 'er', 4],
  ['ed', '', 3],
  ['ly', '', 4],
  ['es', 'e', 3],
  ['s', '', 3],
]

/** The stem of a lower-case word. */
export function stem(word: string): string {
  if (word.length < 4 || word.endsWith('ss')) return word
  for (const [ending, left, least] of ENDINGS) {
    if (!word.endsWith(ending) || word.length - ending.length < least) continue
    const base = word.slice(0, -ending.length) + left
    // `paying`, but not `string`.
    if (base.length === 3 && !/[aeiouy]/.test(base)) return word
    // `planned` and `plan`, but not `called` and `cal`.
    const doubled = left === '' && base.length > 3 && /([bdfgmnprt])\1$/.test(base) ? base.slice(0, -1) : base
    return withoutE(doubled)
  }
  return withoutE(word)
}

function withoutE(word: string): string {
  return word.length > 3 && word.endsWith('e') ? word.slice(0, -1) : word
}
