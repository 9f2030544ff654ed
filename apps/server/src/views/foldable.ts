import { normalise } from '@holdfast/capture'
import { sightingsOf } from '@holdfast/declare'
import { summarise } from '@holdfast/graph'
import type { Content, Event, LogEntry } from '@holdfast/model'
import { observationsOf } from '@holdfast/observe'
import type { FoldInput } from './fold-input.ts'

/** Reads an entry for the fold: its events without texts, but for the text that may become a conversation's title. */
export function foldable(entry: LogEntry): FoldInput {
  const { events, unmapped } = normalise(entry)
  const observed = events.map(observationsOf)
  return {
    entry,
    events: events.map(summarise),
    unmapped,
    sightings: events.flatMap(sightingsOf),
    observations: observed.flat(),
    observed,
    titleOf: (summary) => titleText(events, summary.id),
  }
}

function titleText(events: readonly Event[], id: Event['id']): string | undefined {
  const body = events.find((event) => event.id === id)?.body
  switch (body?.kind) {
    case 'prompt':
      return textOf(body.content)
    case 'invocation':
      return textOf(body.input) ?? body.name
    case 'tool-call':
      return body.toolName
    case 'step':
      return body.name
    case 'process':
      return body.action === 'exec' ? (textOf(body.arguments) ?? body.binary) : undefined
    case 'model-call':
    case 'model-output':
    case 'tool-definition':
    case 'tool-result':
    case 'context-item':
    case 'memory':
    case 'delegation':
    case 'identity':
    case 'guardrail':
    case 'egress':
    case 'file':
    case 'connection':
    case 'dns':
    case 'kernel':
    case 'syscall-set':
    case 'socket':
    case 'tool-catalogue':
    case 'component':
    case 'declaration':
    case 'api-call':
    case 'change':
    case 'control':
    case undefined:
      return undefined
  }
}

function textOf(content: Content): string | undefined {
  return 'text' in content && content.text.trim() !== '' ? content.text.trim() : undefined
}
