import type { ContentRef, EventBody } from '@holdfast/model'

export type NamedContent = {
  readonly content: ContentRef
  /** What the text was to the context: `user message`, `tool result`, `document` ... */
  readonly as: string
}

/** The texts of an event that entered a context or left it, each with what it was. */
export function contentsOf(body: EventBody<ContentRef>): readonly NamedContent[] {
  switch (body.kind) {
    case 'prompt':
      return [{ content: body.content, as: `${body.role} message` }]
    case 'model-output':
      return [{ content: body.content, as: body.part === 'tool-request' ? 'tool arguments' : 'model output' }]
    case 'tool-definition':
      return [
        { content: body.description, as: 'tool definition' },
        { content: body.parameters, as: 'tool definition' },
      ]
    case 'tool-call':
      return [{ content: body.arguments, as: 'tool arguments' }]
    case 'tool-result':
      return [{ content: body.result, as: 'tool result' }]
    case 'context-item':
      return [
        { content: body.content, as: 'document' },
        { content: body.query, as: 'query' },
      ]
    case 'memory':
      return [{ content: body.content, as: `memory ${body.operation}` }]
    case 'invocation':
      return [
        { content: body.input, as: 'invocation input' },
        { content: body.output, as: 'invocation output' },
      ]
    case 'delegation':
      return [{ content: body.payload, as: 'delegation payload' }]
    case 'guardrail':
      return [{ content: body.detail, as: 'guardrail detail' }]
    case 'declaration':
      return [{ content: body.content, as: 'declaration' }]
    case 'api-call':
      return [
        { content: body.request, as: 'request' },
        { content: body.response, as: 'response' },
      ]
    case 'process':
      return 'arguments' in body ? [{ content: body.arguments, as: 'process arguments' }] : []
    case 'model-call':
    case 'identity':
    case 'egress':
    case 'file':
    case 'connection':
    case 'dns':
    case 'kernel':
    case 'syscall-set':
    case 'socket':
    case 'step':
    case 'tool-catalogue':
    case 'component':
    case 'change':
    case 'control':
      return []
  }
}
