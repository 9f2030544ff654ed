import type { AgentId, ConversationId, Event, EventId, Signal } from '@holdfast/model'
import { outranks } from '@holdfast/model'
import type { JudgedCall } from '../provenance/judge-calls.ts'
import { MAX_QUOTE, MAX_QUOTED } from './limits.ts'

/** Below this a call says nothing: words are shared by chance. */
const LEAST_STRENGTH = 0.3
/** What a call without an effect reaches at most: a first step towards a foreign instruction is an attempt. */
const WITHOUT_EFFECT = 0.45
/** Share of what a call names from which on a foreign instruction is its only source. */
const MOSTLY_FOREIGN = 0.5

/** A call with an effect that a sentence explains so well was made because of it, whatever else its values came with. */
const EXPLAINED = 0.6

/** The owner of each event, as far as it was read. */
export type Owners = ReadonlyMap<EventId, Pick<Event, 'agent' | 'context' | 'claimedAt' | 'source' | 'entry'>>

/**
 * Signals of reasoning compromise: calls whose values and purpose came in with an instruction-like sentence of a text that
 * nobody vouches for, and from nowhere else. A resisted instruction gives none, for no call carries it.
 */
export function provenanceSignals(
  calls: readonly JudgedCall[],
  { owners, conversation }: { readonly owners: Owners; readonly conversation: ConversationId },
): readonly Signal[] {
  return calls.flatMap((judged) => {
    const owner = owners.get(judged.call.event)
    const strength = strengthOf(judged)
    return owner === undefined || judged.witness === undefined || strength < LEAST_STRENGTH
      ? []
      : [signalOf(judged, { owner, owners, strength, conversation })]
  })
}

/**
 * The untrained rule of provenance: an effect at a destination that such a sentence alone brought, or a call of which it
 * explains at least half. Graded by how well the sentence explains the call.
 */
function strengthOf({ effect, call, signals, witness }: JudgedCall): number {
  if (witness === undefined) return 0
  const { explanation, exclusive, exclusiveDestination, inherited } = signals
  const acts = effect !== 'read'
  const foreign = Math.max(exclusive, inherited)
  const tells = foreign >= MOSTLY_FOREIGN || (acts && (exclusiveDestination >= 1 || explanation >= EXPLAINED))
  if (!tells) return Math.min(LEAST_STRENGTH * explanation, LEAST_STRENGTH - 0.01)
  const strength = 0.55 + 0.4 * Math.max(explanation, foreign * witness.strength)
  // A hand-over carries the instruction on; what the receiver does with it is what counts.
  return acts && !isHandOver(call.tool) ? strength : Math.min(strength, WITHOUT_EFFECT)
}

function isHandOver(tool: string): boolean {
  return tool.startsWith('delegate to ')
}

type About = {
  readonly owner: NonNullable<ReturnType<Owners['get']>>
  readonly owners: Owners
  readonly strength: number
  readonly conversation: ConversationId
}

function signalOf(judged: JudgedCall, { owner, owners, strength, conversation }: About): Signal {
  const { call, witness, fetch, effect, signals } = judged
  const source = witness?.source
  const steps = [...(source === undefined ? [] : [source]), ...(fetch === undefined ? [] : [fetch]), call]
  const tiers = steps.flatMap(({ event }) => owners.get(event)?.source.tier ?? [])
  const hasEffect = effect !== 'read' && !isHandOver(call.tool)
  return {
    id: `provenance.${call.event}`,
    detector: `provenance/${source?.channel ?? 'text'}`,
    source: 'provenance',
    speaksFor: 'reasoning-compromise',
    strength: Math.round(strength * 1_000) / 1_000,
    surface: isHandOver(call.tool) ? 'S4' : 'S2',
    agent: owner.agent.id as AgentId,
    conversation,
    events: [...new Set(steps.map(({ event }) => event))],
    entries: [...new Set(steps.map(({ entry }) => entry))].toSorted((a, b) => a - b),
    claimedAt: owner.claimedAt,
    tier: tiers.reduce((best, tier) => (outranks(tier, best) ? tier : best), owner.source.tier),
    words: wordsOf(judged),
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
    sends: hasEffect && (effect === 'egress' || signals.exclusiveDestination >= 1),
    repeatKey: `${call.tool}\n${[...(witness?.forms ?? [])].toSorted().join(' ').slice(0, MAX_QUOTE)}`,
  }
}

function wordsOf({ call, witness, fetch, carried, signals }: JudgedCall): string {
  const whole = carried.filter(
    ({ tokens }) => tokens.filter(({ form }) => witness?.forms.has(form) === true).length * 2 >= tokens.length,
  )
  const values = whole.slice(0, 3).map(({ path, text }) => `${path === '' ? '' : `${cut(path)} `}"${cut(text)}"`)
  const what = values.length === 0 ? '' : ` (${values.join(', ')})`
  const brought =
    fetch === undefined
      ? `a text that came in by the ${witness?.source.channel ?? 'unknown'} channel`
      : `a text that "${cut(fetch.tool)}" brought`
  const asked =
    signals.verbFromUser > 0
      ? 'the user asked for such a deed, and not for this one'
      : 'the user asked for nothing of the kind'
  return `"${cut(call.tool)}" was called on the word of ${brought}${what}; ${asked}`
}

function cut(text: string): string {
  return text.length > MAX_QUOTED ? `${text.slice(0, MAX_QUOTED)}…` : text
}
