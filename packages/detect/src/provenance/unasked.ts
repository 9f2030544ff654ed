import { DEEDS, kinOf } from './deeds.ts'
import { BY_NAME, type Explaining, type Explanation, isBare } from './explaining.ts'

/** Strength at least of a text that speaks of a deed which the owner asked for in no way: whoever does it follows that text. */
const SPOKEN_OF = 0.7

/**
 * A deed without values of its own that the owner never spoke of, and a text that does, however it is worded: told, wished for, reported
 * as open. Every word by which the tool's name differs from the names of the agent's other tools must stand there, the deed itself or one that
 * is a means of it, and next to it the thing that it is done to.
 */
export function unasked(explaining: Explaining, deeds: readonly string[]): Explanation {
  const { context, foreign, all, trustedShare, ownForms } = explaining
  const { asked } = context.request
  if (deeds.length === 0 || !isBare(foreign, all)) return NOTHING
  if (deeds.some((deed) => kinOf(deed).some((kin) => context.request.deeds.has(kin)))) return NOTHING
  const wanted = ownForms.filter((form) => !asked.has(form))
  // One word stands in many texts by chance.
  if (wanted.length < 2) return NOTHING
  const number = context.mention(wanted.map((form) => (DEEDS.has(form) ? kinOf(form) : [form])))
  const witness = number === undefined ? undefined : context.sentences[number]
  if (number === undefined || witness === undefined) return NOTHING
  return { explanation: Math.max(SPOKEN_OF, witness.strength) * BY_NAME * (1 - trustedShare), witness, number }
}

const NOTHING: Explanation = { explanation: 0 }
