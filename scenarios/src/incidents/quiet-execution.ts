import { chatSpan, requestSpan, retrievalSpan, type SimulatedSpan, toolSpan } from '../histories/otlp-line.ts'

export type QuietExecution = {
  readonly spans: readonly SimulatedSpan[]
  /** A tool call, the request by which the tool reaches a host, and what the model thinks of the answer, where that is told. */
  readonly call: (tool: string, given: object, host: string, answered?: object) => void
  /** A document that came in with the call before. */
  readonly retrieved: (source: string, document: Parameters<typeof retrievalSpan>[1]) => void
}

/** An execution that begins with a thought, as that of the agents of the acts does. */
export function quietExecution(model: string, random: () => number): QuietExecution {
  const spans: SimulatedSpan[] = [chatSpan(model, { after: 0, random })]
  return {
    spans,
    retrieved: (source, document) => void spans.push(retrievalSpan(source, document, spans.length)),
    call: (tool, given, host, answered) => {
      const after = spans.length
      spans.push(
        toolSpan(tool, given, after, answered),
        requestSpan(host, after + 1),
        chatSpan(model, { after: after + 2, random }),
      )
    },
  }
}
