import {
  counted,
  type AuditItem,
  type AuditLayer,
  type AuditLayerState,
  type AuditRowBody,
  type AuditShortening,
  type AuditText,
  type ExecutionGraph,
} from '@holdfast/model'
import type { Hosting } from './facts.ts'

export type LayerFacts = {
  readonly items: readonly AuditItem[]
  readonly hostedBy: Hosting | undefined
  readonly shortened: readonly AuditShortening[]
  readonly gaps: AuditRowBody['gaps']
  readonly graph: ExecutionGraph
}

type Verdict = Pick<AuditLayerState, 'state' | 'reason'> & {
  readonly items: readonly AuditItem[]
  readonly isExpected?: boolean
}

/** How far each layer is there, and why not further. What was not recorded is never concluded from what was. */
export function layerStates(facts: LayerFacts): readonly AuditLayerState[] {
  const kernel = kernelLayer(facts)
  const verdicts: readonly (readonly [AuditLayer, Verdict])[] = [
    ['prompt', promptLayer(facts)],
    ['tools', toolLayer(facts)],
    ['egress', egressLayer(facts, kernel)],
    ['kernel', kernel],
  ]
  return verdicts.map(([layer, { state, reason, items, isExpected = true }]) => ({
    layer,
    state,
    isExpected,
    reason,
    items: items.map(({ id }) => id),
    entries: [...new Set(items.flatMap(({ events }) => events.map(({ entry }) => entry)))].toSorted((a, b) => a - b),
  }))
}

export function coverageOf(layers: readonly AuditLayerState[]): AuditRowBody['coverage'] {
  const expected = layers.filter(({ isExpected }) => isExpected)
  const filled = expected.filter(({ state }) => state === 'complete' || state === 'partial').length
  const share = expected.length === 0 ? 0 : Math.round((filled / expected.length) * 1_000) / 1_000
  return { filled, expected: expected.length, share }
}

function promptLayer({ items, hostedBy, shortened }: LayerFacts): Verdict {
  const messages = items.filter(({ part, kind }) => part === 'prompt' || (part === 'trigger' && kind === 'message'))
  const calls = items.filter(({ kind }) => kind === 'model-call')
  const texts = messages.flatMap((item) => item.texts)
  const whole = texts.filter(isWhole).length
  const [first] = shortened
  if (whole === 0 && hostedBy !== undefined) return constrained(hostedBy, 'the prompts of the agents that it runs')
  if (whole === 0 && first?.actingTool !== undefined) return { state: 'constrained', reason: first.reason, items: [] }
  if (whole === 0 && first !== undefined) return { state: 'absent', reason: first.reason, items: [] }
  if (texts.length === 0)
    return {
      state: 'absent',
      reason: calls.length === 0 ? 'no model call is joined to it' : 'no message of its model calls was recorded',
      items: [],
    }
  if (whole === 0)
    return {
      state: 'absent',
      reason: `none of ${counted(texts.length, 'text')} is there: ${reasonsOf(texts)}`,
      items: messages,
    }
  if (first !== undefined)
    return {
      state: 'partial',
      reason: `${whole} of ${counted(texts.length, 'text')} whole; ${first.reason}`,
      items: messages,
    }
  if (whole < texts.length)
    return {
      state: 'partial',
      reason: `${whole} of ${counted(texts.length, 'text')} whole; of the others: ${reasonsOf(texts)}`,
      items: messages,
    }
  return {
    state: 'complete',
    reason: `${counted(texts.length, 'text', 'texts, all')} that stood in its contexts`,
    items: messages,
  }
}

function toolLayer({ items, hostedBy, graph }: LayerFacts): Verdict {
  const tools = items.filter(({ kind }) => kind === 'tool')
  const ran = tools.filter(wasSeenRunning)
  if (ran.length === 0 && hostedBy !== undefined) return constrained(hostedBy, 'tool calls')
  if (ran.length === 0)
    return {
      state: 'absent',
      reason:
        tools.length === 0
          ? noneLeads(graph)
          : `the model asked for ${tools.length} tool calls, and nothing recorded that one ran`,
      items: [],
    }
  const whole = ran.filter(hasBothTexts)
  if (ran.length < tools.length || whole.length < ran.length) {
    const reason = `${ran.length} of ${tools.length} that were asked for were seen to run, ${whole.length} of them with arguments and result`
    return { state: 'partial', reason, items: ran }
  }
  return { state: 'complete', reason: `${counted(ran.length, 'call')}, each with arguments and result`, items: ran }
}

function noneLeads(graph: ExecutionGraph): string {
  const others = graph.nodes.filter(({ kind }) => kind === 'tool').length
  return others === 0
    ? 'no tool call leads to it'
    : `no tool call leads to it; ${others} of its conversation are joined to other acts or to none`
}

function kernelLayer({ items, hostedBy, graph, gaps }: LayerFacts): Verdict {
  const seen = items.filter(({ tier }) => tier === 'kernel')
  const unjoined = graph.unjoined.reduce((sum, { events }) => sum + events, 0)
  const beside = unjoined === 0 ? '' : `; ${unjoined} more of the conversation are joined to no act of the agent`
  if (seen.length === 0 && hostedBy !== undefined) return constrained(hostedBy, 'what happens in the kernel')
  if (seen.length === 0)
    return {
      state: 'absent',
      reason:
        unjoined === 0
          ? 'no record of a sensor is of its acts: none watched it, or it hands their trace context to nothing that it starts (sensor/README.md, "Which act it was")'
          : `the kernel saw ${counted(unjoined, 'event')} of the conversation, and none is joined to an act of the agent`,
      items: [],
    }
  if (gaps.length > 0)
    return {
      state: 'partial',
      reason: `${seen.length} seen, while ${counted(gaps.length, 'gap is', 'gaps are')} on record${beside}`,
      items: seen,
    }
  return { state: 'complete', reason: `${counted(seen.length, 'act')} that the kernel saw${beside}`, items: seen }
}

function egressLayer({ items, hostedBy, gaps }: LayerFacts, kernel: Verdict): Verdict {
  const sent = items.filter(({ part }) => part === 'egress')
  const proven = sent.filter(({ tier }) => tier !== 'self-reported')
  if (sent.length === 0 && kernel.state === 'complete')
    return { state: 'complete', isExpected: false, reason: NOTHING_LEFT, items: [] }
  if (sent.length === 0 && hostedBy !== undefined) return constrained(hostedBy, 'what its agents send')
  if (sent.length === 0)
    return {
      state: 'absent',
      // Of what its process sent a sensor may well tell: this row holds what is joined to the act alone.
      reason:
        'no record by a sensor or an instrumentation of the network, of anything that left, is joined to its acts',
      items: [],
    }
  if (proven.length === 0)
    return {
      state: 'partial',
      reason: `${sent.length} by the word of the agent alone; nobody else saw what left`,
      items: sent,
    }
  if (gaps.length > 0)
    return {
      state: 'partial',
      reason: `${sent.length} seen, while ${counted(gaps.length, 'gap is', 'gaps are')} on record`,
      items: sent,
    }
  return {
    state: 'complete',
    reason: `${sent.length}, of which ${proven.length} were seen by others than the agent`,
    items: sent,
  }
}

/** What an agent's own process does is joined by its library's word of a socket or not at all (packages/graph/SPEC.md, G29). */
const NOTHING_LEFT =
  'nothing left of what the kernel saw of its acts; what its own process sends is told by its library alone'

function constrained({ platform, api }: Hosting, what: string): Verdict {
  return { state: 'constrained', reason: `${platform} runs it and does not give out ${what} (${api})`, items: [] }
}

/** By a record of the call or of its result. That the model asked for it shows nothing of the kind. */
function wasSeenRunning({ events }: AuditItem): boolean {
  return events.some(({ kind }) => kind === 'tool-call' || kind === 'tool-result')
}

function hasBothTexts({ texts }: AuditItem): boolean {
  const isThere = (slots: readonly string[]): boolean =>
    texts.some((text) => slots.includes(text.slot) && isWhole(text))
  return isThere(['arguments', 'content']) && isThere(['result'])
}

function isWhole({ state }: AuditText): boolean {
  return state === 'captured' || state === 'redacted'
}

function reasonsOf(texts: readonly AuditText[]): string {
  const reasons = texts.filter((text) => !isWhole(text)).map(({ state, reason }) => reason ?? state)
  return [...new Set(reasons)].toSorted().slice(0, 4).join(', ')
}
