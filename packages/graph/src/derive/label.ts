import type { EventBody, ContentRef } from '@holdfast/model'

import { kernelLabel } from '@holdfast/model'

import { MAX_LABEL } from '../limits.ts'

/**
 * What a node of the graph is called, in the words of its source: nothing stands beside it, so it holds what tells like acts
 * apart (the store of a memory, the port of a request, for whom an identity acts). Untrusted text.
 */
export function nodeLabel(body: EventBody<ContentRef>): string {
  return cut(textOf(body))
}

/** At most {@link MAX_LABEL} characters, never half of a surrogate pair. */
export function cut(text: string): string {
  if (text.length <= MAX_LABEL) return text
  const end = /[\uD800-\uDBFF]/.test(text.charAt(MAX_LABEL - 1)) ? MAX_LABEL - 1 : MAX_LABEL
  return text.slice(0, end)
}

function textOf(body: EventBody<ContentRef>): string {
  switch (body.kind) {
    case 'prompt':
      return `${body.role} message`
    case 'model-call':
      return words(body.operation, body.responseModel ?? body.requestModel)
    case 'model-output':
      return body.part === 'tool-request' ? words('asks for', body.toolName) : body.part
    case 'tool-definition':
    case 'tool-call':
    case 'tool-result':
      return body.toolName
    case 'context-item':
      return body.uri ?? body.origin ?? body.dataSource ?? 'document'
    case 'memory':
      return words('memory', body.operation, body.store)
    case 'invocation':
      return body.name === '' ? body.operation : body.name
    case 'delegation':
      return words('to', body.to)
    case 'identity':
      return body.onBehalfOf === undefined ? body.principal : `${body.principal} for ${body.onBehalfOf}`
    case 'guardrail':
      return words(body.name, body.verdict)
    case 'egress':
      return words(body.method, body.port === undefined ? body.destination : `${body.destination}:${body.port}`)
    case 'step':
      return body.name
    case 'process':
    case 'file':
    case 'connection':
    case 'dns':
    case 'kernel':
    case 'syscall-set':
    case 'socket':
      return kernelLabel(body)
    case 'tool-catalogue':
      return `tools of ${body.server}`
    case 'component':
      return `${body.state} ${body.component.kind} ${body.component.name}`
    case 'declaration':
      return `declared in ${body.document}`
    case 'api-call':
      return body.action
    case 'change':
      return `${body.change} ${body.subject}`
    case 'control':
      return body.record.kind
  }
}

function words(...parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part !== '').join(' ')
}
