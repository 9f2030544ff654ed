import type { ContextEntry } from '@holdfast/graph'
import { parseTraceId } from '@holdfast/model'
import { decodeDoc, encodeDoc } from './docs.ts'

type Stored = readonly [event: string, as: string, agent: string, member?: string]

/** Bytes of one posting. The key names the trace; with every text of every event posted, its bytes are counted. */
export function encodePosting({ event, as, agent, member }: ContextEntry): Uint8Array {
  return encodeDoc((member === undefined ? [event, as, agent] : [event, as, agent, member]) satisfies Stored)
}

/** `trace`: the trace, or what stands for one, that the posting's key ends in. */
export function decodePosting(trace: string, bytes: Uint8Array): ContextEntry {
  const [event, as, agent, member] = decodeDoc<Stored>(bytes)
  return {
    conversation: trace,
    agent,
    ...(member === undefined ? {} : { member }),
    ...(parseTraceId(trace) === undefined ? {} : { trace }),
    event,
    as,
  }
}
