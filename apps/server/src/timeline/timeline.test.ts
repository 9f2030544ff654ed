import { finished } from '@holdfast/detect'
import type { ControlRecord } from '@holdfast/model'
import { expect, test } from 'vitest'
import { RecordedControls } from '../testing/recorded-controls.ts'
import { DeedIndex } from './deed-index.ts'
import { timelineOf, type TimelineQuestion } from './timeline.ts'

const OTHER = 'k8s:prod/payments/refund-agent'

/** The incident of an agent that calls its conversations as others are called. */
function told(records: readonly ControlRecord[]): readonly (readonly number[])[] {
  const reader = new RecordedControls(records)
  const question = {
    incident: {
      id: 'inc-1',
      alsoKnownAs: [],
      conversations: ['conv-1', OTHER, 'inc-2'],
      agents: ['host:h/desk'],
      history: [],
      signals: [],
    },
    united: { events: [], entries: [] },
    reader,
    index: new DeedIndex(reader),
    limit: undefined,
  } as unknown as TimelineQuestion // what is read of one
  return finished(timelineOf(question)).items.map(({ entries }) => entries)
}

const containment = (agent: string): ControlRecord =>
  ({
    kind: 'containment',
    state: 'confirmed',
    by: 'ann',
    detail: '',
    plan: { target: agent, agent, agentName: agent, rung: 'kill' },
  }) as unknown as ControlRecord // what is read of one
const owner = (incident: string): ControlRecord => ({
  kind: 'incident-owner',
  incident,
  do: 'taken',
  reason: '',
  by: 'ann',
})
const step = (incident: string): ControlRecord => ({ kind: 'case-step', incident, deed: { kind: 'opened' } })

test('what was done about others is not told of an agent that calls its conversation as they are called', () => {
  expect(
    told([
      containment('host:h/desk'),
      containment(OTHER),
      owner('inc-1'),
      owner('inc-2'),
      step('inc-1'),
      step('inc-2'),
    ]),
  ).toEqual([[0], [2], [4]])
})
