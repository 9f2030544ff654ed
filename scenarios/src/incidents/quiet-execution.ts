import { chatSpan, requestSpan, type SimulatedSpan, toolSpan } from '../histories/otlp-line.ts'

export type QuietExecution = {
  readonly spans: readonly SimulatedSpan[]
  /** A tool call, the request by which the tool reaches a host, and what the model thinks of the answer. */
  readonly call: (tool: string, given: object, host: string) => void
}

/** An execution that begins with a thought, as that of the agents of the acts does. */
export function quietExecution(model: string, random: () => number): QuietExecution {
  const spans: SimulatedSpan[] = [chatSpan(model, { after: 0, random })]
  return {
    spans,
    call: (tool, given, host) => {
      const after = spans.length
      spans.push(
        toolSpan(tool, given, after),
        requestSpan(host, after + 1),
        chatSpan(model, { after: after + 2, random }),
      )
    },
  }
}
