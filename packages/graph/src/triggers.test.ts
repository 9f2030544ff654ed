import { expect, test } from 'vitest'

import { deriveGraph } from './conversation-graph.ts'
import * as s from './testing/story.ts'

test('G17 where each message is a record of its own, the last record of the call decides', () => {
  const story = new s.Story()
    .tell({ trace: 1, span: 1, at: 30 }, { 'a.call': s.modelCall() })
    .tell({ trace: 1, span: 1, at: 10 }, { 'b.in.0': s.prompt('system', 0, s.text('You are a desk.')) })
    .tell({ trace: 1, span: 1, at: 20 }, { 'c.in.0': s.prompt('user', 0, s.text('Where is it?')) })
    .tell({ trace: 1, span: 2, at: 50 }, { 'a.call': s.modelCall() })
    .tell({ trace: 1, span: 2, at: 20 }, { 'z.in.0': s.prompt('user', 0, s.text('Where is it?')) })
    .tell({ trace: 1, span: 2, at: 40 }, { 'b.in.0': s.prompt('tool', 0, s.text('there'), 'c1') })
  const triggers = deriveGraph('conv', story.events).nodes.filter((node) => node.trigger === true)
  expect(triggers.map((node) => node.label)).toEqual(['user message'])
})

test('G17 placeholders of messages that were left out begin no execution each', () => {
  const story = new s.Story()
  for (let span = 1; span <= 4; span++) {
    story.tell({ trace: 1, span, at: 100 - span }, { call: s.modelCall(0), 'in.0': s.prompt('user', 0, s.OMITTED) })
  }
  const triggers = deriveGraph('conv', story.events).nodes.filter((node) => node.trigger === true)
  expect(triggers.map((node) => node.claimedAt)).toEqual(['96000000'])
})

test('G17 a delegation whose giver is not recorded is the trigger', () => {
  const story = new s.Story().tell({ trace: 1, span: 1 }, { handoff: s.delegation('b', s.text('please')) })
  expect(deriveGraph('conv', story.events).nodes.map((node) => node.trigger)).toEqual([true])
})
