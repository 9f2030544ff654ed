import type { AnyValue } from '../decode/any-value.ts'
import { toJson } from '../decode/any-value.ts'
import { parseJsonStructure } from '../decode/json-text.ts'
import type { SpanRecord } from '../decode/records.ts'
import { OMITTED } from './act.ts'
import type { Act, Held } from './act.ts'
import type { AttributeReader } from './attribute-reader.ts'
import type { Dialect, Reading } from './dialect.ts'
import { readGenAiLog, readGenAiSpan } from './otel-genai.ts'
import { plainResult } from './parts.ts'

/**
 * Strands Agents: GenAI names with contents in span events. Its scope is named after the service, so markers of its own
 * tell it: the event loop, its agent spans' `gen_ai.agent.tools`, and the times that it repeats on each span.
 */
export const strands: Dialect = {
  name: 'strands',
  recognises: ({ record, scope }) =>
    scope.name.startsWith('strands') ||
    MARKERS.some((key) => record.attributes.has(key)) ||
    (record.kind === 'span' &&
      (record.name === 'execute_agent_loop_cycle' || record.name === 'execute_event_loop_cycle')),
  read: ({ record }, reader) => (record.kind === 'span' ? readSpan(record, reader) : readGenAiLog(record, reader)),
}

const MARKERS = ['gen_ai.event.start_time', 'agent_loop.cycle_id', 'event_loop.cycle_id', 'gen_ai.agent.tools']

function readSpan(record: SpanRecord, reader: AttributeReader): Reading {
  for (const key of [
    'agent_loop.cycle_id',
    'event_loop.cycle_id',
    'event_loop.parent_cycle_id',
    'gen_ai.agent.tools',
    'name',
    'tool.status',
    'gen_ai.tool.status',
    'system_prompt',
    'gen_ai.tool.json_schema',
  ])
    reader.value(key)
  if (/^memory\.(search|add|inject)$/.test(record.name)) return { acts: [readMemory(record, reader)] }
  // A tool span's events are its input and its output, not messages of a model call.
  const isTool = reader.text('gen_ai.operation.name') === 'execute_tool'
  if (isTool) {
    const contentOf = (name: string, key: string): AnyValue | undefined =>
      record.events.find((event) => event.name === name)?.attributes.get(key)
    const reading = readGenAiSpan({ ...record, events: [] }, reader, {
      toolArguments: eventContent(contentOf('gen_ai.tool.message', 'content')),
      toolResult: eventContent(contentOf('gen_ai.choice', 'message')),
    })
    return { ...reading, acts: reading.acts.map(unwrapped) }
  }
  return readGenAiSpan(record, reader)
}

/** Results are lists of `{text}` and `{json}` blocks, in events and attributes alike. */
function unwrapped(act: Act): Act {
  if (act.kind !== 'tool' || act.result === undefined || !('value' in act.result)) return act
  const { value } = act.result
  return { ...act, result: eventContent(typeof value === 'string' ? value : undefined, act.result) }
}

function readMemory(record: SpanRecord, reader: AttributeReader): Act {
  const store = reader.text('memory.store', 'gen_ai.memory.store.id')
  return {
    kind: 'memory',
    operation: record.name === 'memory.add' ? 'write' : 'read',
    ...(store === undefined ? {} : { store }),
    content: reader.held(
      record.name === 'memory.add' ? ['memory.content', 'memory.records'] : ['memory.results', 'memory.query'],
    ),
  }
}

function eventContent(value: AnyValue | undefined, otherwise: Held = OMITTED): Held {
  if (value === undefined) return otherwise
  const json = typeof value === 'string' ? (parseJsonStructure(value) ?? value) : toJson(value)
  const plain = plainResult(json)
  // Text that was not wrapped stays as it was sent.
  return { value: plain === json && typeof value === 'string' ? value : plain }
}
