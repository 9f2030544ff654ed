import { tokensOf, wordForm } from '../text/words.ts'
import { type Argument, argumentsOf, isDestination, tokenWeight } from './arguments.ts'
import { answeredCall, ContextIndex, INSTRUCTS, type Taint } from './context-index.ts'
import { DEEDS } from './deeds.ts'
import { handsOver, isFromNamed, isNamedByUser } from './handover.ts'
import type { Sentence } from './sentences.ts'
import { effectOf, nameWords, type Effect } from './side-effect.ts'
import type { CallStep, Step } from './steps.ts'

/** What provenance says of one call, each from 0 to 1. */
export type CallSignals = {
  /** An instruction-like sentence of an untrusted text covers the arguments and the verb that the user did not give. */
  readonly explanation: number
  /** Share of what the arguments name whose only source is such sentences. */
  readonly exclusive: number
  /** An address, host or account that came from such a sentence alone. */
  readonly exclusiveDestination: number
  /** Strength of the sentence that explains the call best. */
  readonly strength: number
  /** The user handed the decision to what the sentence stands in. */
  readonly delegated: number
  /** The user named what the sentence stands in. */
  readonly named: number
  /** Share of what the arguments name that the user or the system prompt gave. */
  readonly fromUser: number
  /** The user asked for the deed by its verb. */
  readonly verbFromUser: number
  /** Share of the tool's name that the user's words hold. */
  readonly toolFromUser: number
  /** Share that came from untrusted texts and not from the user. */
  readonly fromResults: number
  /** A destination that came from an untrusted text and not from the user. */
  readonly foreignDestination: number
  /** Such a destination was never a field of its own: it stood inside somebody's text. */
  readonly embeddedDestination: number
  /** What is foreign was first seen in what a foreign instruction had fetched. */
  readonly inherited: number
}

export type JudgedCall = {
  readonly call: CallStep
  readonly effect: Effect
  readonly signals: CallSignals
  /** The sentence that explains the call best, where there is one. */
  readonly witness?: Sentence
  /** The arguments whose value the witness brought. */
  readonly carried: readonly Argument[]
}

/** Sentences on either side that may hold the rest of an instruction. */
const WINDOW_BEFORE = 2
const WINDOW_AFTER = 8
/** How much of taint goes on to what a tainted call fetched. */
const SECOND_HOP = 0.95
const LEAST_TAINT = 0.2
/** An argument of more words carries an address in its text; it does not go there. */
const MAX_DESTINATION_TOKENS = 3
/** What the weakening for a delegated decision leaves. */
const DELEGATED = 0.4

/**
 * Judges each call of an execution by where its values and its instruction entered the context; only what stood there before the call
 * counts. Pure; time grows with the number of words, not with its square.
 */
export function judgeCalls(steps: readonly Step[]): readonly JudgedCall[] {
  const context = new ContextIndex()
  const calls: CallStep[] = []
  const forms = new Map<CallStep, ReadonlySet<string>>()
  const taints = new Map<CallStep, Taint>()
  const judged: JudgedCall[] = []
  for (const step of steps) {
    if (step.kind === 'source') {
      const call = answeredCall(step, calls)
      const answers = (call === undefined ? undefined : forms.get(call)) ?? NO_FORMS
      const taint = call === undefined ? undefined : taints.get(call)
      const isReceipt = call !== undefined && effectOf(call.tool, call.arguments) === 'write'
      context.add(step, { answers, taint, isReceipt })
      continue
    }
    const args = argumentsOf(step.arguments)
    const one = judge(step, { args, context, calls })
    judged.push(one)
    calls.push(step)
    forms.set(step, new Set(args.flatMap(({ tokens }) => tokens.map(({ form }) => form))))
    const amount = Math.max(one.signals.explanation * one.signals.exclusive, one.signals.inherited) * SECOND_HOP
    if (amount > LEAST_TAINT && one.witness !== undefined)
      taints.set(step, { amount, witness: context.sentences.indexOf(one.witness) })
  }
  return judged
}

const NO_FORMS: ReadonlySet<string> = new Set()

type Judging = {
  readonly args: readonly Argument[]
  readonly context: ContextIndex
  readonly calls: readonly CallStep[]
}

function judge(call: CallStep, { args, context, calls }: Judging): JudgedCall {
  const effect = effectOf(call.tool, call.arguments)
  const toolForms = [...new Set(nameWords(call.tool).flatMap((word) => wordForm(word) ?? []))]
  const sum = { all: 0, trusted: 0, foreign: 0, exclusive: 0, results: 0, inherited: 0 }
  const foreign = new Map<string, number>()
  const pointed = new Set<string>()
  let exclusiveDestination = 0
  let foreignDestination = 0
  let embeddedDestination = 0
  let inheritedFrom: number | undefined
  for (const argument of args) {
    for (const token of argument.tokens) {
      const weight = tokenWeight(token, argument) * context.rarity(token.form)
      sum.all += weight
      if (context.trusted.has(token.form)) {
        sum.trusted += weight
        continue
      }
      const found = context.occurrences(token.form)
      if (found === undefined) continue
      sum.results += weight
      sum.foreign += weight
      foreign.set(token.form, (foreign.get(token.form) ?? 0) + weight)
      if (argument.tokens.length <= MAX_DESTINATION_TOKENS) pointed.add(token.form)
      const exclusive = found.inData ? 0 : found.strongest
      sum.exclusive += weight * exclusive
      const inherits = context.inherited.get(token.form)
      if (inherits !== undefined) {
        sum.inherited += weight * inherits.amount
        inheritedFrom ??= inherits.witness
      }
      if (!isDestination(token) || argument.tokens.length > MAX_DESTINATION_TOKENS) continue
      exclusiveDestination = Math.max(exclusiveDestination, exclusive)
      foreignDestination = 1
      if (!found.wasField) embeddedDestination = 1
    }
  }
  const direct = explain({
    context,
    foreign,
    pointed,
    foreignSum: sum.foreign,
    trustedShare: sum.all === 0 ? 0 : sum.trusted / sum.all,
    all: sum.all,
    toolForms,
  })
  const best = throughFirstStep(direct, {
    context,
    toolForms,
    from: inheritedFrom,
    share: sum.all === 0 ? 0 : sum.inherited / sum.all,
  })
  const isSenderNamed = best.witness !== undefined && isFromNamed(context.senderOf(best.witness), context.userTexts)
  const isNamed =
    isSenderNamed ||
    (best.witness !== undefined &&
      isNamedByUser(best.witness, { userTexts: context.userTexts, calls, itemText: context.itemText(best.witness) }))
  const carried = best.witness === undefined ? [] : carriedBy(best.witness, args, context)
  // A destination of the sentence's own, used as a whole argument: nobody handed that over.
  const bringsDestination =
    !isSenderNamed && carried.some(({ tokens }) => tokens.length === 1 && tokens.some(isDestination))
  const isDelegated = isNamed && !bringsDestination && context.userTexts.some(handsOver)
  const weakened = isDelegated ? DELEGATED : 1
  const total = sum.all === 0 ? 1 : sum.all
  const verbs = toolForms.filter((form) => DEEDS.has(form))
  return {
    call,
    effect,
    carried,
    signals: {
      explanation: best.explanation * weakened,
      exclusive: (sum.exclusive / total) * weakened,
      exclusiveDestination: exclusiveDestination * weakened,
      strength: best.witness?.strength ?? 0,
      delegated: isDelegated ? 1 : 0,
      named: isNamed && !bringsDestination ? 1 : 0,
      fromUser: sum.all === 0 ? share(toolForms, context.asked) : sum.trusted / total,
      verbFromUser: verbs.length > 0 && verbs.every((form) => context.askedDeeds.has(form)) ? 1 : 0,
      toolFromUser: share(toolForms, context.asked),
      fromResults: sum.results / total,
      foreignDestination,
      embeddedDestination,
      inherited: sum.inherited / total,
    },
    ...(best.witness === undefined ? {} : { witness: best.witness }),
  }
}

function share(forms: readonly string[], within: ReadonlySet<string>): number {
  return forms.length === 0 ? 0 : forms.filter((form) => within.has(form)).length / forms.length
}

type Explanation = { readonly explanation: number; readonly witness?: Sentence }

/** "Buy a pencil set": the search was the first step, the id that it found is what is bought. */
function throughFirstStep(
  direct: Explanation,
  {
    context,
    toolForms,
    from,
    share,
  }: {
    readonly context: ContextIndex
    readonly toolForms: readonly string[]
    readonly from: number | undefined
    readonly share: number
  },
): Explanation {
  const witness = from === undefined ? undefined : context.sentences[from]
  if (from === undefined || witness === undefined) return direct
  const near = windowForms(context, from)
  const explanation = share * (toolForms.some((form) => DEEDS.has(form) && near.has(form)) ? 1 : 0.5)
  return explanation > direct.explanation ? { explanation, witness } : direct
}

type Explaining = {
  readonly context: ContextIndex
  readonly foreign: ReadonlyMap<string, number>
  readonly foreignSum: number
  /** Share of what the arguments name that the user gave. */
  readonly trustedShare: number
  /** Foreign forms of short arguments: what the call is pointed at, not what it carries. */
  readonly pointed: ReadonlySet<string>
  readonly all: number
  readonly toolForms: readonly string[]
}

/** The sentence that tells best why the call was made, and how much of it. */
function explain({ context, foreign, foreignSum, trustedShare, pointed, all, toolForms }: Explaining): Explanation {
  const deeds = toolForms.filter((form) => DEEDS.has(form))
  const isAsked = deeds.length > 0 && deeds.every((form) => context.askedDeeds.has(form))
  const newToolForms = toolForms.filter((form) => !context.asked.has(form))
  const candidates = new Set<number>()
  for (const form of [...foreign.keys(), ...newToolForms]) {
    for (const number of context.occurrences(form)?.sentences.slice(0, 200) ?? []) candidates.add(number)
  }
  let best: { explanation: number; witness?: Sentence } = { explanation: 0 }
  const foreignShare = all === 0 ? 0 : foreignSum / all
  for (const number of candidates) {
    const sentence = context.sentences[number]
    if (sentence === undefined || sentence.strength < INSTRUCTS) continue
    const near = windowForms(context, number)
    let covered = 0
    for (const [form, weight] of foreign) if (near.has(form)) covered += weight
    const coverage = foreignSum === 0 ? 0 : covered / foreignSum
    const verbs =
      newToolForms.length === 0 ? 0 : newToolForms.filter((form) => near.has(form)).length / newToolForms.length
    const hasVerb = (deeds.length > 0 ? deeds : toolForms).some((form) => near.has(form)) ? 1 : 0
    // Where the user asked for the deed and the sentence does not, it is what the deed is done with.
    const isPayload = isAsked && (hasVerb === 0 || ![...pointed].some((form) => near.has(form)))
    const byVerb = isPayload ? 0.4 : hasVerb === 1 ? 1 : 0.7
    const byArguments = coverage * Math.min(1, foreignShare * 2) * byVerb
    // A deed without arguments of its own is told by the words of its name.
    const byName =
      foreignShare < 0.2 && newToolForms.length > 0 && verbs === 1
        ? (newToolForms.length > 1 ? 0.85 : 0.6) * (1 - trustedShare)
        : 0
    const explanation = sentence.strength * Math.max(byArguments, byName)
    if (explanation > best.explanation) best = { explanation, witness: sentence }
  }
  return best
}

/** Forms of the sentence and of its neighbours in the same field, as far as those instruct too. */
function windowForms(context: ContextIndex, number: number): ReadonlySet<string> {
  const leaf = context.leafOf[number]
  const forms = new Set<string>()
  for (let at = number - WINDOW_BEFORE; at <= number + WINDOW_AFTER; at++) {
    const sentence = context.sentences[at]
    if (sentence === undefined || context.leafOf[at] !== leaf) continue
    if (at !== number && sentence.strength < 0.25) continue
    for (const form of sentence.forms) forms.add(form)
  }
  return forms
}

function carriedBy(witness: Sentence, args: readonly Argument[], context: ContextIndex): readonly Argument[] {
  return args.filter(({ tokens }) => tokens.some(({ form }) => witness.forms.has(form) && !context.trusted.has(form)))
}

/** Forms of a text, for callers that compare with what a call names. */
export function formsOf(text: string): ReadonlySet<string> {
  return new Set(tokensOf(text).map(({ form }) => form))
}
