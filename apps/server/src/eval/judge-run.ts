import type { Event } from '@holdfast/model'
import { judgeCalls, readExecution, type ScoredCall, scoredCall, type Verdict, verdictOn } from '@holdfast/detect'
import type { LabelledRun } from './labels.ts'

/** A recorded run after the detector has read it: what the models look at in each call, and the shipped verdict. */
export type JudgedRun = {
  readonly row: LabelledRun
  readonly calls: readonly ScoredCall[]
  readonly tools: readonly string[]
  readonly verdict: Verdict['verdict']
  /** Number of the first call that a foreign text explains or made, from 0: the first malicious one, where there is one. */
  readonly firstForeign: number | undefined
  readonly events: number
  /** Events that no dialect could map. */
  readonly unmapped: number
  /** Records that only an authority or a kernel gives: this command does not judge those. */
  readonly otherPlanes: number
}

/** Judges the events of one run as the product does, each call by what had entered the context before it. */
export function judgeRun(row: LabelledRun, events: readonly Event[]): JudgedRun {
  const execution = readExecution(events)
  const judgement = judgeCalls(execution.steps)
  const calls = judgement.calls.map(scoredCall)
  const first = calls.findIndex((call) => call.isGrounded || call.isLifted)
  return {
    row,
    calls,
    tools: [...new Set(judgement.calls.map(({ call }) => call.tool))],
    verdict: verdictOn(execution, judgement).verdict,
    firstForeign: first === -1 ? undefined : first,
    events: events.length,
    unmapped: events.filter(({ body }) => body.kind === 'step' && !body.mapped).length,
    otherPlanes: events.filter(isOfOtherPlane).length,
  }
}

function isOfOtherPlane({ body }: Event): boolean {
  switch (body.kind) {
    case 'api-call':
    case 'process':
    case 'file':
    case 'connection':
    case 'dns':
    case 'kernel':
    case 'syscall-set':
      return true
    case 'prompt':
    case 'model-call':
    case 'model-output':
    case 'tool-definition':
    case 'tool-catalogue':
    case 'component':
    case 'declaration':
    case 'change':
    case 'tool-call':
    case 'tool-result':
    case 'context-item':
    case 'memory':
    case 'invocation':
    case 'delegation':
    case 'identity':
    case 'guardrail':
    case 'egress':
    case 'step':
    case 'socket':
    case 'control':
      return false
  }
}
