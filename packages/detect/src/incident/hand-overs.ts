import type { AgentId, ConversationId, Signal } from '@holdfast/model'
import { outranks } from '@holdfast/model'
import { type CallStep, type Execution, type SourceStep, UNTRUSTED } from '../provenance/steps.ts'
import { sentencesOf } from '../text/sentences.ts'
import { tokensOf } from '../text/words.ts'
import { MAX_HANDOVER_CHARS, MAX_HANDOVER_SOURCES, MAX_QUOTE } from './limits.ts'
import type { Owners } from './provenance-signals.ts'

/** What a hand-over says by itself: it carries on what others act on. */
const CARRIES = 0.4
/** Share of what the note names that a text before it must name too, to be where the note came from. */
const FROM_THERE = 0.6

type About = { readonly found: readonly Signal[]; readonly owners: Owners; readonly conversation: ConversationId }

/**
 * Where a deed rests on a text that another agent handed over, the hand-over is part of the chain, and so is the text that its note
 * was taken from. One signal for each edge that the instruction crossed, back to where it came in.
 */
export function handOverSignals({ steps }: Execution, { found, owners, conversation }: About): readonly Signal[] {
  const sources = new Map(steps.flatMap((step) => (step.kind === 'source' ? [[step.event, step] as const] : [])))
  const queue = found.flatMap(({ quote }) => (quote === undefined ? [] : (sources.get(quote.event) ?? [])))
  const looked = new Set<SourceStep>()
  const seen = new Set<CallStep>()
  const signals: Signal[] = []
  for (let text = queue.shift(); text !== undefined; text = queue.shift()) {
    if (text.channel !== 'delegation' || looked.has(text)) continue
    looked.add(text)
    const edge = edgeOf(steps, text)
    const owner = edge === undefined ? undefined : owners.get(edge.event)
    if (edge === undefined || owner === undefined || seen.has(edge)) continue
    seen.add(edge)
    const origin = originOf(steps, edge)
    if (origin !== undefined) queue.push(origin.source)
    const events = [...(origin === undefined ? [] : [origin.source.event]), edge.event, text.event]
    const known = events.flatMap((event) => owners.get(event) ?? [])
    signals.push({
      id: `provenance/hand-over.${edge.event}`,
      detector: 'provenance/hand-over',
      source: 'provenance',
      speaksFor: 'reasoning-compromise',
      strength: CARRIES,
      surface: 'S4',
      agent: owner.agent.id as AgentId, // an event's agent is one
      conversation,
      events,
      entries: [...new Set(known.map(({ entry }) => entry))].toSorted((a, b) => a - b),
      claimedAt: owner.claimedAt,
      tier: known.reduce((best, { source: { tier } }) => (outranks(tier, best) ? tier : best), owner.source.tier),
      words:
        origin === undefined
          ? 'a note on which another agent acted was handed over'
          : `a note on which another agent acted was handed over, and repeats a text that came in by the ${origin.source.channel} channel`,
      ...(origin === undefined
        ? {}
        : {
            quote: {
              text: origin.sentence.slice(0, MAX_QUOTE),
              event: origin.source.event,
              entry: origin.source.entry,
            },
          }),
      deed: edge.event,
      hasEffect: false,
    })
  }
  return signals
}

/** The hand-over by which a text came in. */
function edgeOf(steps: Execution['steps'], { text }: SourceStep): CallStep | undefined {
  const whole = text.trim()
  return steps.find(
    (step): step is CallStep => step.kind === 'call' && isHandOver(step.tool) && step.arguments.trim() === whole,
  )
}

/** Calls that {@link Execution} makes of hand-overs bear this name. */
export function isHandOver(tool: string): boolean {
  return tool.startsWith('delegate to ')
}

/** The text before a hand-over that names most of what its note names, and the sentence of it that does; of equals the earliest. */
function originOf(
  steps: Execution['steps'],
  edge: CallStep,
): { readonly source: SourceStep; readonly sentence: string } | undefined {
  const named = formsOf(edge.arguments)
  const before = steps
    .slice(0, steps.indexOf(edge))
    .filter((step): step is SourceStep => step.kind === 'source' && UNTRUSTED.has(step.channel))
    .slice(-MAX_HANDOVER_SOURCES)
  const share = (text: string): number => {
    const forms = formsOf(text)
    return named.size === 0 ? 0 : [...named].filter((form) => forms.has(form)).length / named.size
  }
  let best: { readonly source: SourceStep; readonly share: number } | undefined
  for (const source of before) {
    const of = share(source.text)
    if (of >= FROM_THERE && of > (best?.share ?? 0)) best = { source, share: of }
  }
  if (best === undefined) return undefined
  const sentences = sentencesOf(best.source.text.slice(0, MAX_HANDOVER_CHARS))
  const sentence = sentences.reduce((most, one) => (share(one) > share(most) ? one : most), sentences[0] ?? '')
  return { source: best.source, sentence }
}

function formsOf(text: string): ReadonlySet<string> {
  return new Set(tokensOf(text.slice(0, MAX_HANDOVER_CHARS)).map(({ form }) => form))
}
