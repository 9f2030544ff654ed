import type { Content, ContentRef, Event, EventBody, EventSummary } from '@holdfast/model'

import { claimedEffect } from './claims.ts'
import { valueFingerprints } from './values.ts'

/** An event without its texts: each becomes its digest, its size and the fingerprints of its values. */
export function summarise(event: Event): EventSummary {
  return { ...event, body: summariseBody(event.body) }
}

function summariseBody(body: EventBody): EventBody<ContentRef> {
  switch (body.kind) {
    case 'prompt':
    case 'model-output':
    case 'memory':
      return { ...body, content: refOf(body.content) }
    case 'tool-definition':
      return { ...body, description: refOf(body.description), parameters: refOf(body.parameters) }
    case 'tool-call': {
      const text = 'text' in body.arguments ? body.arguments.text : ''
      const effect = claimedEffect(body.toolName, text)
      return { ...body, arguments: refOf(body.arguments), ...(effect === undefined ? {} : { effect }) }
    }
    case 'tool-result':
      return { ...body, result: refOf(body.result) }
    case 'context-item':
      return { ...body, query: refOf(body.query), content: refOf(body.content) }
    case 'invocation':
      return { ...body, input: refOf(body.input), output: refOf(body.output) }
    case 'delegation':
      return { ...body, payload: refOf(body.payload) }
    case 'guardrail':
      return { ...body, detail: refOf(body.detail) }
    case 'declaration':
      return { ...body, content: refOf(body.content) }
    case 'api-call':
      return { ...body, request: refOf(body.request), response: refOf(body.response) }
    case 'process':
      return 'arguments' in body ? { ...body, arguments: refOf(body.arguments) } : body
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
      return body
  }
}

/** A text without itself. What a mask covers is no value. */
export function refOf(content: Content): ContentRef {
  switch (content.state) {
    case 'captured':
    case 'truncated':
    case 'redacted':
      return {
        state: content.state,
        digest: content.digest,
        bytes: content.bytes,
        mediaType: content.mediaType,
        values: valueFingerprints(content.text),
      }
    case 'suppressed':
    case 'not-captured':
      return content
  }
}
