import { finished, type StepsOfWork } from '../steps-of-work.ts'
import { wordForm } from '../text/words.ts'
import { type Argument, argumentsOf } from './arguments.ts'
import { answeredCall, ContextIndex, noteCall, type Taint } from './context-index.ts'
import { DEEDS } from './deeds.ts'
import { explain, throughFirstStep } from './explain.ts'
import type { Explanation } from './explaining.ts'
import { namingSentence } from './lifted.ts'
import { isFetchedByName, isNamedPlace, ownership } from './ownership.ts'
import type { Sentence } from './sentences.ts'
import { effectOf, nameWords, type Effect } from './side-effect.ts'
import type { CallStep, Step } from './steps.ts'
import { trace } from './trace.ts'

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
  /** It acts on a thing that only somebody's text named, by its id or by the words that it was looked up with. */
  readonly liftedObject: number
  /** What is foreign was first seen in what a foreign instruction had fetched. */
  readonly inherited: number
}

export type JudgedCall = {
  readonly call: CallStep
  readonly effect: Effect
  readonly signals: CallSignals
  /** The sentence that explains the call best, where there is one. */
  readonly witness?: Sentence
  /** The call that fetched what the sentence stands in. */
  readonly fetch?: CallStep
  /** The arguments whose value the witness brought. */
  readonly carried: readonly Argument[]
}

/** How much of taint goes on to what a tainted call fetched. */
const SECOND_HOP = 0.95
const LEAST_TAINT = 0.2
/** What the weakening for a delegated decision leaves. */
const DELEGATED = 0.4

/** Calls that were judged, in order, and sentences that a bound kept from being read. */
export type Judgement = { readonly calls: readonly JudgedCall[]; readonly context: ContextIndex }

/**
 * Judges each call of an execution by where its values and its instruction entered the context; only what stood there before the call
 * counts. Pure; time grows with the number of words, not with its square.
 */
export function judgeCalls(steps: readonly Step[]): Judgement {
  return finished(judgingCalls(steps))
}

/** The same step by step: one text or one call at a time. */
export function* judgingCalls(steps: readonly Step[]): StepsOfWork<Judgement> {
  const context = new ContextIndex()
  const known = new Map<string, CallStep>()
  const before = new Map<CallStep, Asked>()
  const calls: JudgedCall[] = []
  const tools = new ToolWords()
  for (const step of steps) {
    yield
    if (step.kind === 'source') {
      const call = answeredCall(step, known)
      const asked = call === undefined ? undefined : before.get(call)
      context.add(step, {
        answers: asked?.forms ?? NO_FORMS,
        taint: asked?.taint,
        namedBy: asked?.namedBy,
        isReceipt: call !== undefined && effectOf(call.tool, call.arguments) === 'write',
      })
      continue
    }
    tools.add(step.tool)
    const args = argumentsOf(step.arguments)
    const judging = { args, context, known, tools }
    const { judged, witness } = judge(step, judging)
    calls.push(judged)
    noteCall(step, known)
    before.set(step, {
      forms: new Set(args.flatMap(({ tokens }) => tokens.map(({ form }) => form))),
      taint: taintOf(judged, witness),
      namedBy: namedBy(judged, judging),
    })
  }
  return { calls, context }
}

/** What was held in mind of a call until its answer comes. */
type Asked = {
  readonly forms: ReadonlySet<string>
  readonly taint: Taint | undefined
  readonly namedBy: number | undefined
}

/** Form of a word of a tool's name -> the tools called so far that bear it. */
class ToolWords {
  readonly #tools = new Map<string, Set<string>>()

  add(tool: string): void {
    for (const form of formsOfName(tool)) {
      const tools = this.#tools.get(form)
      if (tools === undefined) this.#tools.set(form, new Set([tool]))
      else tools.add(tool)
    }
  }

  /** A word that tells nothing of one tool: others bear it too. */
  isShared(form: string): boolean {
    return (this.#tools.get(form)?.size ?? 0) > 1
  }
}

function formsOfName(tool: string): readonly string[] {
  return [...new Set(nameWords(tool).flatMap((word) => wordForm(word) ?? []))]
}

const NO_FORMS: ReadonlySet<string> = new Set()

/** What a call that a foreign instruction explains hands on to what it fetches. */
function taintOf({ signals, effect, call }: JudgedCall, witness: number | undefined): Taint | undefined {
  // "See what the unread mails say": a look that needs no value is told by its name alone.
  const isLook = effect === 'read' && argumentsOf(call.arguments).length === 0
  const own = isLook ? 1 : signals.exclusive
  const amount = Math.max(signals.explanation * own, signals.inherited) * SECOND_HOP
  return amount > LEAST_TAINT && witness !== undefined ? { amount, witness } : undefined
}

/** The sentence that alone names what a call asks for, and that the owner did not point to. */
function namedBy({ effect }: JudgedCall, { args, context, known }: Judging): number | undefined {
  if (effect !== 'read') return undefined
  const number = namingSentence(args, context)
  return isNamedPlace(number, context, known) ? undefined : number
}

type Judging = {
  readonly args: readonly Argument[]
  readonly context: ContextIndex
  readonly known: ReadonlyMap<string, CallStep>
  readonly tools: ToolWords
}

function judge(
  call: CallStep,
  { args, context, known, tools }: Judging,
): { readonly judged: JudgedCall; readonly witness: number | undefined } {
  const toolForms = formsOfName(call.tool)
  const traced = trace(args, context)
  const total = traced.all === 0 ? 1 : traced.all
  const ownForms = toolForms.filter((form) => DEEDS.has(form) || !tools.isShared(form))
  const explaining = { ...traced, context, toolForms, ownForms, trustedShare: traced.trusted / total }
  const told = throughFirstStep(explain(explaining), explaining, {
    from: traced.inheritedFrom,
    share: traced.inherited / total,
  })
  const best = told.witness === undefined ? heldBy(traced.holder ?? traced.liftedBy, context) : told
  const fetch = best.witness === undefined ? undefined : answeredCall(best.witness.source, known)
  const carried = best.witness === undefined ? [] : carriedBy(best.witness, args, context)
  const owner = ownership(best.witness, { context, fetch, carried })
  const weakened = owner.isDelegated ? DELEGATED : 1
  const verbs = toolForms.filter((form) => DEEDS.has(form))
  const { asked, deeds } = context.request
  const isDeedAsked = verbs.length > 0 && verbs.every((form) => deeds.has(form))
  const judged = {
    call,
    effect: effectOf(call.tool, call.arguments),
    carried,
    signals: {
      explanation: best.explanation * weakened,
      exclusive: (traced.exclusive / total) * weakened,
      exclusiveDestination: traced.exclusiveDestination * weakened,
      strength: best.witness?.strength ?? 0,
      delegated: owner.isDelegated ? 1 : 0,
      named: owner.isNamed ? 1 : 0,
      fromUser: traced.all === 0 ? share(toolForms, asked) : traced.trusted / total,
      verbFromUser: isDeedAsked ? 1 : 0,
      toolFromUser: share(toolForms, asked),
      fromResults: traced.results / total,
      foreignDestination: traced.foreignDestination,
      // "Pay the bill in that file": the account in it is what was asked for.
      embeddedDestination:
        isDeedAsked && isFetchedByName(traced.holder, context, known) ? 0 : traced.embeddedDestination,
      liftedObject: traced.liftedBy === undefined || isNamedPlace(traced.liftedBy, context, known) ? 0 : 1,
      inherited: traced.inherited / total,
    },
    ...(best.witness === undefined ? {} : { witness: best.witness }),
    ...(fetch === undefined ? {} : { fetch }),
  }
  return { judged, witness: best.number }
}

/** Where no sentence explains the call, the one that its destination stood in is what can be shown. */
function heldBy(holder: number | undefined, context: ContextIndex): Explanation {
  const witness = holder === undefined ? undefined : context.sentences[holder]
  return witness === undefined || holder === undefined
    ? { explanation: 0 }
    : { explanation: 0, witness, number: holder }
}

function share(forms: readonly string[], within: ReadonlySet<string>): number {
  return forms.length === 0 ? 0 : forms.filter((form) => within.has(form)).length / forms.length
}

function carriedBy(witness: Sentence, args: readonly Argument[], context: ContextIndex): readonly Argument[] {
  return args.filter(({ tokens }) => tokens.some(({ form }) => witness.forms.has(form) && !context.trusted.has(form)))
}
