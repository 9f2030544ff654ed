import type { ConversationId, Event, EventBody, SpanId, TraceId } from '@holdfast/model'
import { expect, test } from 'vitest'
import { content, Told } from '../testing/told.ts'
import { contradictionSignals } from './contradictions.ts'

const conversation = 'one' as ConversationId // no parser would change it
const trace = 'a'.repeat(32) as TraceId // of the form that a trace has
const spanOf = (n: number) => n.toString(16).padStart(16, '0') as SpanId // and a span
const [template] = new Told().user('x').events
if (template === undefined) throw new Error('one event was told')

/** One of three commands in a row, as the agent tells it. */
function told(n: number): readonly Event[] {
  const bodies: Readonly<Record<string, EventBody>> = {
    a: { kind: 'tool-call', toolName: 'bash', callId: `c${n}`, arguments: content('{"command":"make all"}') },
    b: { kind: 'tool-result', toolName: 'bash', callId: `c${n}`, result: content(`diagnostics ran ${n}`) },
  }
  return Object.entries(bodies).map(([slot, body]): Event => event(`${trace}.${spanOf(n)}.${slot}`, n * 100, body))
}

/** The shell that a kernel saw in the span of a command. */
function seen(n: number): Event {
  const { source, context, ...rest } = event(`kernel.b0070000.${n}0.x`, 10_000 + n, {
    kind: 'process',
    action: 'exec',
    binary: '/bin/sh',
    arguments: content('/bin/sh'),
    uid: 0,
    result: 0,
  })
  const key = (pid: number): string => `b0070000.${pid}.${pid}000`
  return {
    ...rest,
    source: { ...source, tier: 'kernel', channel: 'sensor' },
    context: {
      ...context,
      trace,
      span: spanOf(n),
      contextBasis: 'environment',
      process: key(n * 10),
      parentProcess: key(5),
    },
  }
}

function event(id: string, at: number, body: EventBody): Event {
  const time = BigInt(at) as Event['claimedAt'] // small enough
  const span = id.split('.')[1] as SpanId // an id of ours
  return {
    ...(template as Event), // told above
    id: id as Event['id'], // of the form that events of spans have
    entry: at,
    claimedAt: time,
    claimedUntil: (time + 50n) as Event['claimedAt'], // as above
    context: { trace, span },
    body,
  }
}

test('a command that the kernel did not see between two that it saw is a contradiction with its events', () => {
  const [signal, ...others] = contradictionSignals([...told(1), ...told(2), ...told(3), seen(1), seen(3)], conversation)
  expect(others).toEqual([])
  expect(signal).toMatchObject({
    detector: 'contradiction/call-without-effect',
    source: 'contradiction',
    tier: 'kernel',
  })
  expect(signal?.speaksFor).toBeUndefined()
  expect(signal?.entries.length).toBeGreaterThan(0)
})

test('where the kernel saw each of them, or where nobody else looked, there is none', () => {
  const calls = [...told(1), ...told(2), ...told(3)]
  expect(contradictionSignals([...calls, seen(1), seen(2), seen(3)], conversation)).toEqual([])
  expect(contradictionSignals(calls, conversation)).toEqual([])
})
