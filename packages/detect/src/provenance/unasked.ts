import { MAX_ORDERS } from '../limits.ts'
import { DEEDS, kinOf } from './deeds.ts'
import { BY_NAME, type Explaining, type Explanation, goesElsewhere, isBare } from './explaining.ts'

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

/** What an order for the deed alone explains, and how much of an order it must be. */
const BY_ORDER = 0.6
const ORDER = 0.85
/** Share of its values beyond which the owner meant the call. */
const MEANT = 0.3

/**
 * A deed that the owner never asked for, and a text that orders it, with whatever values: those that it tells to look up stand
 * nowhere in it, and where they came from may not have been recorded.
 */
export function ordered(explaining: Explaining, deeds: readonly string[]): Explanation {
  const { context, destinations, foreign, all, trustedShare } = explaining
  // The last of the words is the thing that the others are done to: `send money` pays.
  const deed = deeds.at(-1)
  if (deed === undefined || deed === '~read' || trustedShare > MEANT || context.request.handsOver) return NOTHING
  if (deeds.some((each) => kinOf(each).some((kin) => context.request.deeds.has(kin)))) return NOTHING
  const number = context.spokenOf(deed, MAX_ORDERS).findLast((at) => {
    const sentence = context.sentences[at]
    if (sentence === undefined || sentence.strength < ORDER || goesElsewhere(sentence, destinations)) return false
    // What came from elsewhere must have to do with it.
    return isBare(foreign, all) || context.isNear(at, foreign.keys())
  })
  const witness = number === undefined ? undefined : context.sentences[number]
  if (number === undefined || witness === undefined) return NOTHING
  return { explanation: witness.strength * BY_ORDER, witness, number }
}

const NOTHING: Explanation = { explanation: 0 }
