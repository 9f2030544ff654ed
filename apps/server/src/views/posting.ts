import type { ContextEntry } from '@holdfast/graph'
import { parseTraceId } from '@holdfast/model'
import { decodeDoc, encodeDoc } from './docs.ts'

type Stored = readonly [event: string, as: string, agent: string, member?: string]

/** Bytes of one posting. The key names the trace; with every text of every event posted, its bytes are counted. */
export function encodePosting({ conversation, event, as, agent, member }: ContextEntry): Uint8Array {
  // No event id begins with a full stop: it marks those that go on from the trace's.
  const own = event.startsWith(`${conversation}.`) ? event.slice(conversation.length) : event
  return encodeDoc((member === undefined ? [own, as, agent] : [own, as, agent, member]) satisfies Stored)
}

/** `trace`: the trace, or what stands for one, that the posting's key ends in. */
export function decodePosting(trace: string, bytes: Uint8Array): ContextEntry {
  const [own, as, agent, member] = decodeDoc<Stored>(bytes)
  return {
    conversation: trace,
    agent,
    ...(member === undefined ? {} : { member }),
    ...(parseTraceId(trace) === undefined ? {} : { trace }),
    event: own.startsWith('.') ? trace + own : own,
    as,
  }
}
