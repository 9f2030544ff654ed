import type { Event } from '@holdfast/model'
import { type Basis, type Detector, type Finding, findingOf, ORDINARY } from '../learn/detector.ts'
import { SHIPPED } from '../learn/shipped.ts'
import { judgeCalls, type JudgedCall, type Judgement } from './judge-calls.ts'
import { scoredCall } from './features.ts'
import type { Sentence } from './sentences.ts'
import { type Execution, readExecution } from './steps.ts'
import { evidenceOf, type Statement } from './verdict-words.ts'

/** Where something stands: the event, and the entry of the log that holds it. */
export type Place = { readonly event: Event['id']; readonly entry: number }

/** The call that a verdict rests on, and the sentence that it came from. All texts are captured, hence untrusted. */
export type Witness = Place & {
  readonly tool: string
  readonly hasEffect: boolean
  /** The argument that the sentence brought, where there is one. */
  readonly argument?: { readonly path: string; readonly text: string }
  readonly sentence?: Place & {
    readonly text: string
    readonly channel: string
    /** Which item of a list, which field of it, where the text has any. */
    readonly item: number
    readonly field: string
    /** Characters of the captured text; absent where it stands there in other form: escaped, folded, encoded. */
    readonly span?: { readonly from: number; readonly to: number }
    readonly isHidden: boolean
  }
  /** The call that brought the text. */
  readonly fetch?: Place & { readonly tool: string; readonly arguments: string }
}

export type Evidence = {
  readonly for: readonly Statement[]
  readonly against: readonly Statement[]
  readonly missing: readonly Statement[]
}

/**
 * What one execution is. `incident`: a call with an effect that a foreign text explains or made. `attempt`: no such effect: a
 * first step, or an instruction that nobody carried out. The type is always the one that provenance can show.
 */
export type Verdict = {
  readonly verdict: 'incident' | 'attempt' | 'nothing'
  readonly type: 'reasoning-compromise'
  /** That the verdict is right, 0 to 1. For `nothing`, 0: what was not seen may hold anything. */
  readonly confidence: number
  readonly basis?: Finding['basis']
  readonly witness?: Witness
  readonly evidence: Evidence
  /** Version of the weights. */
  readonly detector: number
}

export type JudgeOptions = {
  readonly detector?: Detector
  /** Which channels may speak; the ordinary two where none are named. */
  readonly bases?: readonly Basis[]
}

/** Confidence of an attempt: a note, never more. */
const FIRST_STEP = 0.4
const NOT_CARRIED_OUT = 0.2
/** From this strength on a sentence is an order, whoever gives it. */
const ORDER = 0.9

/** Judges the events of one execution. Pure; the order and the portions in which they arrived change nothing. */
export function judgeExecution(events: readonly Event[], options: JudgeOptions = {}): Verdict {
  const execution = readExecution(events)
  return verdictOn(execution, judgeCalls(execution.steps), options)
}

/** The verdict on calls that were judged. */
export function verdictOn(
  execution: Execution,
  judgement: Judgement,
  { detector = SHIPPED, bases = ORDINARY }: JudgeOptions = {},
): Verdict {
  const found = strongest(judgement.calls, detector, bases)
  if (found !== undefined) {
    const { judged, finding } = found
    const { basis, confidence } = finding
    const evidence = evidenceOf(execution, judgement, { judged, ...(basis === 'learned' ? {} : { basis }) })
    return { ...ABOUT(detector), verdict: 'incident', confidence, basis, witness: witnessOf(judged), evidence }
  }
  const step = judgement.calls.find((judged) => !scoredCall(judged).hasEffect && scoredCall(judged).isGrounded)
  if (step !== undefined) {
    const evidence = evidenceOf(execution, judgement, { judged: step })
    return { ...ABOUT(detector), verdict: 'attempt', confidence: FIRST_STEP, witness: witnessOf(step), evidence }
  }
  const ignored = judgement.context.sentences.find((sentence) => isForeignOrder(sentence, judgement))
  const evidence = evidenceOf(execution, judgement, ignored === undefined ? {} : { ignored })
  return ignored === undefined
    ? { ...ABOUT(detector), verdict: 'nothing', confidence: 0, evidence }
    : { ...ABOUT(detector), verdict: 'attempt', confidence: NOT_CARRIED_OUT, evidence }
}

const ABOUT = ({ version }: Detector): Pick<Verdict, 'type' | 'detector'> => ({
  type: 'reasoning-compromise',
  detector: version,
})

function strongest(
  calls: readonly JudgedCall[],
  detector: Detector,
  bases: readonly Basis[],
): { readonly judged: JudgedCall; readonly finding: Finding } | undefined {
  let best: { readonly judged: JudgedCall; readonly finding: Finding } | undefined
  for (const judged of calls) {
    const finding = findingOf(scoredCall(judged), detector, bases)
    if (finding !== undefined && (best === undefined || isStronger(finding, best.finding, bases)))
      best = { judged, finding }
  }
  return best
}

/** Scores of two bases cannot be compared: the one that says more goes first. */
function isStronger(a: Finding, b: Finding, bases: readonly Basis[]): boolean {
  const placeOf = ({ basis }: Finding): number => (basis === 'learned' ? bases.length : bases.indexOf(basis))
  const order = placeOf(a) - placeOf(b)
  return order === 0 ? a.score > b.score : order < 0
}

/** An order in a text that nobody vouches for, with a destination of its own that the owner never named, hidden or not. */
function isForeignOrder({ strength, forms, isHidden }: Sentence, { context }: Judgement): boolean {
  if (strength < ORDER) return false
  return (
    isHidden ||
    [...forms].some((form) => form.includes('@') && !context.trusted.has(form) && isOnlyOrdered(form, context))
  )
}

function isOnlyOrdered(form: string, context: Judgement['context']): boolean {
  return context.occurrences(form)?.inData === false
}

function witnessOf({ call, effect, witness, carried, fetch }: JudgedCall): Witness {
  const [argument] = carried
  return {
    event: call.event,
    entry: call.entry,
    tool: call.tool,
    hasEffect: effect !== 'read',
    ...(argument === undefined ? {} : { argument: { path: argument.path, text: argument.text } }),
    ...(witness === undefined ? {} : { sentence: sentenceOf(witness) }),
    ...(fetch === undefined
      ? {}
      : { fetch: { event: fetch.event, entry: fetch.entry, tool: fetch.tool, arguments: fetch.arguments } }),
  }
}

function sentenceOf({ text, source, item, field, isHidden }: Sentence): NonNullable<Witness['sentence']> {
  const from = source.text.indexOf(text)
  return {
    event: source.event,
    entry: source.entry,
    text,
    channel: source.channel,
    item,
    field,
    isHidden,
    ...(from === -1 ? {} : { span: { from, to: from + text.length } }),
  }
}
