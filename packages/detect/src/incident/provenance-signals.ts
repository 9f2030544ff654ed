import type { AgentId, ConversationId, Event, EventId, EvidenceLine, Signal } from '@holdfast/model'
import { outranks } from '@holdfast/model'
import { type Basis, type Detector, findingOf, isLearnedStep, ORDINARY } from '../learn/detector.ts'
import type { LearnedGoal } from '../learn/goals.ts'
import { SHIPPED } from '../learn/shipped.ts'
import { type LearnedCall, traitContext, traitsOf } from '../learn/traits.ts'
import { scoredCall } from '../provenance/features.ts'
import { judgingCalls, type JudgedCall, type Judgement } from '../provenance/judge-calls.ts'
import type { CallStep, Execution } from '../provenance/steps.ts'
import { carriesOut } from '../provenance/side-effect.ts'
import { evidenceOf, type Statement } from '../provenance/verdict-words.ts'
import { quoted } from '../signals/findings.ts'
import type { StepsOfWork } from '../steps-of-work.ts'
import { handOverSignals, isHandOver } from './hand-overs.ts'
import { MAX_QUOTE } from './limits.ts'

/** What a call without an effect reaches: a first step towards a foreign instruction is an attempt. */
const FIRST_STEP = 0.4
/** What a finding of the detector says at least: it passed a threshold that one benign run in a hundred passes. */
const LEAST_FOUND = 0.55

/** Calls between two places where other work may come first. */
const CALLS_A_STEP = 64

/** The owner of each event, as far as it was read. */
export type Owners = ReadonlyMap<EventId, Pick<Event, 'agent' | 'context' | 'claimedAt' | 'source' | 'entry'>>

export type Provenance = {
  readonly signals: readonly Signal[]
  /** What speaks against them, with the same events to look at. */
  readonly doubts: readonly EvidenceLine[]
}

/** What a verdict on calls is made with: the shipped detector and the two ordinary bases where nothing else is named. */
export type JudgedBy = { readonly detector?: Detector; readonly bases?: readonly Basis[] }

/** Calls that were held against the texts once, and may be judged by several detectors. */
export type ReadProvenance = {
  /** What the models look at in each call, in order. */
  readonly calls: readonly (LearnedCall & Pick<CallStep, 'tool' | 'entry' | 'event'>)[]
  readonly signals: (by?: JudgedBy) => Provenance
  /** Texts, calls, sentences and lookups beyond the bounds of one execution. */
  readonly unread: number
}

/**
 * Signals of reasoning compromise: calls that the detector finds to rest on a text that nobody vouches for, and first
 * steps towards what such a text asks. A resisted instruction gives none, for no call carries it.
 */
export function* readingProvenance(
  execution: Execution,
  { owners, conversation }: { readonly owners: Owners; readonly conversation: ConversationId },
): StepsOfWork<ReadProvenance> {
  const judgement = yield* judgingCalls(execution.steps)
  const context = traitContext(judgement)
  const all: { readonly judged: JudgedCall; readonly scored: LearnedCall }[] = []
  for (const [at, judged] of judgement.calls.entries()) {
    if (at % CALLS_A_STEP === 0) yield
    all.push({ judged, scored: { ...scoredCall(judged), traits: traitsOf(judged.call, context) } })
  }
  const signals = (by: JudgedBy = {}): Provenance => {
    const found: Signal[] = []
    const doubts: EvidenceLine[] = []
    for (const { judged, scored } of all) {
      const owner = owners.get(judged.call.event)
      const strength = strengthOf(judged, scored, by)
      if (owner === undefined || strength === undefined) continue
      const { for: statements, against } = evidenceOf({ judged, ...strength.by })
      found.push(
        signalOf(judged, {
          owner,
          owners,
          strength: strength.strength,
          conversation,
          statements,
          ...(strength.goal === undefined ? {} : { goal: strength.goal }),
        }),
      )
      for (const { text, events, entries } of against)
        doubts.push({ words: text, events, entries, tier: owner.source.tier, basis: 'inferred' })
    }
    return { signals: [...found, ...handOverSignals(execution, { found, owners, conversation })], doubts }
  }
  return {
    calls: all.map(({ judged: { call }, scored }) => ({
      ...scored,
      tool: call.tool,
      entry: call.entry,
      event: call.event,
    })),
    signals,
    unread: unreadOf(execution, judgement),
  }
}

function unreadOf({ unread: { texts, calls, cut } }: Execution, { context }: Judgement): number {
  return texts + calls + cut + context.unread + context.unsought
}

type Found = {
  readonly strength: number
  readonly by: { readonly basis?: Basis }
  /** The confirmed goal whose deed it is, where nothing else finds it. */
  readonly goal?: LearnedGoal
}

function strengthOf(
  judged: JudgedCall,
  scored: LearnedCall,
  { detector = SHIPPED, bases = ORDINARY }: JudgedBy,
): Found | undefined {
  const finding = findingOf(scored, detector, bases)
  if (finding === undefined) {
    // Which text grounds a call is not asked where texts may not be looked at.
    const isStep =
      (bases.includes('instruction') && !scored.hasEffect && scored.isGrounded) || isLearnedStep(scored, detector)
    return isStep ? { strength: FIRST_STEP, by: {} } : undefined
  }
  const strength = Math.max(LEAST_FOUND, finding.confidence)
  // A hand-over carries the instruction on; what the receiver does with it is what counts.
  const isStep = !scored.hasEffect || isHandOver(judged.call.tool)
  return {
    strength: isStep ? FIRST_STEP : strength,
    by: finding.basis === 'learned' ? {} : { basis: finding.basis },
    ...(finding.goal === undefined ? {} : { goal: finding.goal }),
  }
}

type About = {
  readonly owner: NonNullable<ReturnType<Owners['get']>>
  readonly owners: Owners
  readonly strength: number
  readonly conversation: ConversationId
  /** What the detector says for it, each with its events. */
  readonly statements: readonly Statement[]
  readonly goal?: LearnedGoal
}

function signalOf(judged: JudgedCall, { owner, owners, strength, conversation, statements, goal }: About): Signal {
  const { call, witness, fetch, effect, signals } = judged
  const source = witness?.source
  const events = [
    ...new Set([
      ...(source === undefined ? [] : [source.event]),
      ...(fetch === undefined ? [] : [fetch.event]),
      ...statements.flatMap((statement) => statement.events),
      call.event,
    ]),
  ]
  const known = events.flatMap((event) => owners.get(event) ?? [])
  const hasEffect = effect !== 'read' && !isHandOver(call.tool)
  return {
    id: `provenance.${call.event}`,
    detector: goal === undefined ? `provenance/${source?.channel ?? 'text'}` : 'provenance/confirmed-goal',
    source: 'provenance',
    speaksFor: 'reasoning-compromise',
    strength: Math.round(strength * 1_000) / 1_000,
    surface: isHandOver(call.tool) ? 'S4' : 'S2',
    agent: owner.agent.id as AgentId,
    conversation,
    events,
    entries: [...new Set(known.map(({ entry }) => entry))].toSorted((a, b) => a - b),
    claimedAt: owner.claimedAt,
    tier: known.reduce((best, { source: { tier } }) => (outranks(tier, best) ? tier : best), owner.source.tier),
    words: goal === undefined ? wordsOf(judged) : learnedWords(call.tool, goal),
    title: titleOf(judged, goal),
    ...(witness === undefined
      ? {}
      : {
          quote: {
            text: witness.text.slice(0, MAX_QUOTE),
            event: witness.source.event,
            entry: witness.source.entry,
          },
        }),
    deed: call.event,
    hasEffect,
    sends: hasEffect && (effect === 'egress' || signals.exclusiveDestination >= 1 || carriesOut(call.tool)),
    repeatKey: `${call.tool}\n${[...(witness?.forms ?? [])].toSorted().join(' ').slice(0, MAX_QUOTE)}`,
  }
}

function titleOf({ call, witness, fetch }: JudgedCall, goal: LearnedGoal | undefined): string {
  const called = `called ${quoted(call.tool)}`
  if (goal !== undefined) return `${called}, which does what a confirmed incident did`
  if (witness === undefined) return `${called} with what stands inside a text that nobody vouches for`
  return `${called} on the word of ${broughtBy({ witness, fetch })}`
}

function learnedWords(tool: string, { incidents, count }: LearnedGoal): string {
  return `${quoted(tool)} does what ${count === 1 ? 'an incident' : `${count} incidents`} did that somebody confirmed (${incidents.slice(0, 3).join(', ')}), and the user named none of it`
}

function wordsOf({ call, witness, fetch, carried, signals }: JudgedCall): string {
  if (witness === undefined)
    return `${quoted(call.tool)} was called with what stands inside a text that nobody vouches for, and the user named none of it`
  const whole = carried.filter(
    ({ tokens }) => tokens.filter(({ form }) => witness.forms.has(form)).length * 2 >= tokens.length,
  )
  const values = whole.slice(0, 3).map(({ path, text }) => `${path === '' ? '' : `${quoted(path)} `}${quoted(text)}`)
  const what = values.length === 0 ? '' : ` (${values.join(', ')})`
  const asked =
    signals.verbFromUser > 0
      ? 'the user asked for such a deed, and not for this one'
      : 'the user asked for nothing of the kind'
  return `${quoted(call.tool)} was called on the word of ${broughtBy({ witness, fetch })}${what}; ${asked}`
}

type Brought = { readonly witness: NonNullable<JudgedCall['witness']>; readonly fetch: JudgedCall['fetch'] }

function broughtBy({ witness, fetch }: Brought): string {
  return fetch === undefined
    ? `a text that came in by the ${witness.source.channel} channel`
    : `a text that ${quoted(fetch.tool)} brought`
}
