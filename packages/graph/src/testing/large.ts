import type { EventBody, EventSummary } from '@holdfast/model'

import * as s from './story.ts'

/**
 * A long conversation of about `events` events: an agent's tool loop whose history, of at most 120 messages, is sent with
 * every call, in traces of `loops` rounds. For benchmarks and for tests of bounds.
 */
export function largeConversation(events: number, loops: number): readonly EventSummary[] {
  const story = new s.Story()
  const history: EventBody[] = []
  for (let round = 0, span = 0; story.events.length < events; round++) {
    const trace = 1 + Math.floor(round / loops)
    const root = 1 + trace * 1_000_000
    if (round % loops === 0)
      story.tell({ trace, span: root }, { invoke: s.invocation('desk'), 'id.0': s.identity('desk@prod') })
    if (round % 5 === 0)
      history.push(s.prompt('user', 0, s.text(`question ${round} about account AC-${100_000 + round}`)))
    const args = s.text(
      JSON.stringify({ account: `AC-${100_000 + round - (round % 5)}`, ticket: `TK-${200_000 + round}` }),
    )
    const result = s.text(`ticket TK-${200_000 + round} is open since ${300_000 + round}`)
    const window = history.slice(-120)
    const prompts = window.map((body, at): [string, EventBody] => [
      `in.${at}`,
      body.kind === 'prompt' ? { ...body, ordinal: at } : body,
    ])
    const callId = `call_${round}`
    story.tell(
      { trace, span: ++span, parent: root },
      {
        call: s.modelCall(window.length),
        ...Object.fromEntries(prompts),
        'out.0': s.request(0, 'lookup', args, callId),
      },
    )
    story.tell(
      { trace, span: ++span, parent: root },
      { 'tool.call': s.toolCall('lookup', args, callId), 'tool.result': s.toolResult('lookup', result, callId) },
    )
    history.push(s.prompt('assistant', 0, s.text(`asked ${round}`)), s.prompt('tool', 0, result, callId))
  }
  return story.events
}
