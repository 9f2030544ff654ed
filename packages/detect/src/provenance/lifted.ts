import { MAX_ID_CHARS, MAX_NAME_TOKENS } from '../limits.ts'
import { type Token, wordForm } from '../text/words.ts'
import type { Argument } from './arguments.ts'
import type { ContextIndex } from './context-index.ts'
import { nameWords } from './side-effect.ts'

/** The shape of an id of letters and digits: those that one system gives are alike. Undefined for what is none. */
export function shapeOf(form: string): string | undefined {
  if (form.length > MAX_ID_CHARS || !/\d/.test(form) || !/^\p{L}[\p{L}\d_-]*$/u.test(form)) return undefined
  return form.replaceAll(/\p{L}+/gu, 'a').replaceAll(/\d/g, '9')
}

/**
 * The sentence that alone gave a thing which a call acts on: an id of the kind that systems give as values, but that none gave; or what
 * was found by words that only this sentence had named. Undefined where a system or the owner gave it.
 */
export function liftedFrom({ form, kind }: Token, context: ContextIndex): number | undefined {
  const namedBy = context.named.get(form)
  if (namedBy !== undefined) return namedBy
  const shape = kind === 'identifier' ? shapeOf(form) : undefined
  const found = context.occurrences(form)
  return shape !== undefined && context.shapes.has(shape) && found?.wasField === false ? found.first : undefined
}

/**
 * Number of the sentence by whose words alone a call asks for something: an argument of which neither the owner nor a value of a system
 * gave a word.
 */
export function namingSentence(args: readonly Argument[], context: ContextIndex): number | undefined {
  for (const { tokens, path } of args) {
    if (tokens.length > MAX_NAME_TOKENS || isAskedFor(path, context)) continue
    const found = tokens.map(({ form, kind }) =>
      kind === 'number' || context.trusted.has(form) ? undefined : context.occurrences(form),
    )
    if (found.every((met) => met?.wasField === false)) return found[0]?.first
  }
  return undefined
}

/** The owner spoke of what the argument is named for: of a discount, and this is the code of one. */
export function isAskedFor(path: string, { request }: ContextIndex): boolean {
  return nameWords(path).some((word) => request.asked.has(wordForm(word) ?? ''))
}
