import { MAX_CANDIDATES } from '../limits.ts'
import { INSTRUCTS, type Taint } from './context-index.ts'
import { DEEDS } from './deeds.ts'
import { BY_NAME, type Explaining, type Explanation, goesElsewhere, isBare } from './explaining.ts'
import { ordered, unasked } from './unasked.ts'

/** Part of an explanation that is left where the sentence names no deed of the tool's. */
const OTHER_VERB = 0.7
/** What it leaves where the owner asked for the deed and the sentence gives only what it is done with. */
const PAYLOAD = 0.4
/** What the words of the tool's name explain where the arguments hold nothing foreign: one word, several. */
const BY_ONE_WORD = 0.6

/** What is left where the sentence names a destination of its own and the call goes to another. */
const ELSEWHERE = 0.4

/** The sentence that tells best why the call was made, and how much of it. */
export function explain(explaining: Explaining): Explanation {
  const { context, toolForms } = explaining
  const deeds = toolForms.filter((form) => DEEDS.has(form))
  const isAsked = deeds.length > 0 && deeds.every((form) => context.request.deeds.has(form))
  const newToolForms = toolForms.filter((form) => !context.request.asked.has(form))
  let best: Explanation = { explanation: 0 }
  for (const number of candidates(explaining, newToolForms)) {
    const witness = context.sentences[number]
    if (witness === undefined || witness.strength < INSTRUCTS) continue
    const covered = coverage(explaining, { number, deeds, isAsked })
    const named = nameCoverage(explaining, { number, newToolForms })
    const direct = witness.strength * Math.max(covered, named)
    if (direct <= best.explanation) continue
    const explanation = goesElsewhere(witness, explaining.destinations) ? direct * ELSEWHERE : direct
    if (explanation > best.explanation) best = { explanation, witness, number }
  }
  for (const told of [unasked(explaining, deeds), ordered(explaining, deeds)])
    if (told.explanation > best.explanation) best = told
  return best
}

/** Instructing sentences that hold something of the call: those that hold most of it first, at most {@link MAX_CANDIDATES}. */
function candidates({ context, foreign }: Explaining, newToolForms: readonly string[]): readonly number[] {
  const weights = new Map<number, number>()
  const note = (form: string, weight: number): void => {
    for (const number of context.occurrences(form)?.instructing ?? [])
      weights.set(number, (weights.get(number) ?? 0) + weight)
  }
  for (const [form, weight] of foreign) note(form, weight)
  for (const form of newToolForms) note(form, 1)
  const numbers = [...weights.keys()]
  if (numbers.length <= MAX_CANDIDATES) return numbers
  return numbers.toSorted((a, b) => (weights.get(b) ?? 0) - (weights.get(a) ?? 0) || a - b).slice(0, MAX_CANDIDATES)
}

/** How much of what the call carries from elsewhere the sentence and its neighbours bring. */
function coverage(
  { context, foreign, pointed, all, toolForms }: Explaining,
  { number, deeds, isAsked }: { readonly number: number; readonly deeds: readonly string[]; readonly isAsked: boolean },
): number {
  let sum = 0
  for (const weight of foreign.values()) sum += weight
  if (sum === 0 || all === 0) return 0
  let covered = 0
  for (const form of context.near(number, foreign.keys())) covered += foreign.get(form) ?? 0
  const isForeignDeed = deeds.length > 0 && !deeds.some((deed) => context.request.deeds.has(deed))
  const hasVerb = context.isNear(number, deeds.length > 0 ? deeds : toolForms)
  // Where the owner asked for the deed and the sentence does not, it is what the deed is done with.
  const isPayload = isAsked && (!hasVerb || !context.isNear(number, pointed))
  return (
    (covered / sum) *
    (isForeignDeed ? Math.min(1, (sum / all) * 4) : Math.min(1, (sum / all) * 2)) *
    (isPayload ? PAYLOAD : hasVerb ? 1 : OTHER_VERB)
  )
}

/** A deed without arguments of its own is told by the words of its name. */
function nameCoverage(
  { context, foreign, all, trustedShare }: Explaining,
  { number, newToolForms }: { readonly number: number; readonly newToolForms: readonly string[] },
): number {
  if (
    !isBare(foreign, all) ||
    newToolForms.length === 0 ||
    context.near(number, newToolForms).size < newToolForms.length
  )
    return 0
  return (newToolForms.length > 1 ? BY_NAME : BY_ONE_WORD) * (1 - trustedShare)
}

/** "Buy a pencil set": the search was the first step, the id that it found is what is bought. */
export function throughFirstStep(
  direct: Explanation,
  { context, toolForms }: Explaining,
  { from, share }: { readonly from: Taint | undefined; readonly share: number },
): Explanation {
  const witness = from === undefined ? undefined : context.sentences[from.witness]
  if (from === undefined || witness === undefined) return direct
  const hasVerb = context.isNear(
    from.witness,
    toolForms.filter((form) => DEEDS.has(form)),
  )
  const explanation = share * (hasVerb ? 1 : 0.5)
  return explanation > direct.explanation ? { explanation, witness, number: from.witness } : direct
}
