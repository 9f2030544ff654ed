import { argumentsOf, isDestination, tokenWeight } from '../provenance/arguments.ts'
import type { Judgement } from '../provenance/judge-calls.ts'
import { nameWords } from '../provenance/side-effect.ts'
import type { CallStep } from '../provenance/steps.ts'
import type { ScoredCall } from '../provenance/features.ts'
import { wordForm } from '../text/words.ts'
import { MAX_TRAITS } from './limits.ts'

/** What a call is about, in forms that other wordings and languages share. Captured text: it is hashed before it is kept. */
export type CallTraits = {
  /** Forms of the words of the tool's name: `~pay`. */
  readonly deeds: readonly string[]
  /** What the arguments name and the owner did not, with its weight. */
  readonly words: ReadonlyMap<string, number>
  /** Those of them that something is sent to or taken from. */
  readonly destinations: ReadonlySet<string>
}

/** A call as models see it, with what it is about. */
export type LearnedCall = ScoredCall & { readonly traits?: CallTraits }

/** What a call is about. What the owner named at any time is none of it. */
export function traitsOf(call: CallStep, { trusted, rarity }: TraitContext): CallTraits {
  const words = new Map<string, number>()
  const destinations = new Set<string>()
  for (const argument of argumentsOf(call.arguments)) {
    for (const token of argument.tokens) {
      if (trusted.has(token.form)) continue
      if (!words.has(token.form) && words.size >= MAX_TRAITS) continue
      words.set(token.form, (words.get(token.form) ?? 0) + tokenWeight(token, argument) * rarity(token.form))
      if (isDestination(token)) destinations.add(token.form)
    }
  }
  return { deeds: [...new Set(nameWords(call.tool).flatMap((word) => wordForm(word) ?? []))], words, destinations }
}

export type TraitContext = {
  readonly trusted: { readonly has: (form: string) => boolean }
  readonly rarity: (form: string) => number
}

/** The context of a judgement, for {@link traitsOf}. */
export function traitContext({ context }: Judgement): TraitContext {
  return { trusted: context.trusted, rarity: (form) => context.rarity(form) }
}
