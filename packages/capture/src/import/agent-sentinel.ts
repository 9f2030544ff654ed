import { field, isJsonArray, isJsonObject, textField } from '../decode/any-value.ts'
import type { Json, JsonObject } from '../decode/any-value.ts'
import type { RunMessage, RunReading } from './run.ts'

/** agent-trajectory-sentinel: one JSONL file per episode, one step a line: `{text, action, tool_events[], output_tokens}`. */
export function isSentinelStep(json: Json): boolean {
  return isJsonArray(field(json, 'tool_events')) && textField(json, 'action') !== undefined
}

/** Puts the steps of one file together into a run. */
export function readSentinelRun(steps: readonly Json[], name: string, folder: string): RunReading {
  const task = textField(steps[0], 'task')
  const opening: readonly RunMessage[] = task === undefined ? [] : [{ message: { role: 'user', content: task } }]
  const messages = [...opening, ...steps.flatMap(readStep)]
  if (messages.length === 0) return { status: 'rejected', why: 'the episode has no steps' }
  return { status: 'run', run: { format: 'agent-sentinel', agent: ['agent-sentinel', folder], name, messages } }
}

function readStep(step: Json): readonly RunMessage[] {
  const events = field(step, 'tool_events')
  const calls = isJsonArray(events) ? events.filter(isJsonObject) : []
  const tokens = field(step, 'output_tokens')
  const answer: JsonObject = {
    role: 'assistant',
    // With calls, the text is only how the collector prints them.
    content: calls.length > 0 ? null : (textField(step, 'text') ?? ''),
    ...(calls.length === 0
      ? {}
      : {
          tool_calls: calls.map((call) => ({
            function: textField(call, 'name') ?? 'unknown',
            args: field(call, 'args') ?? {},
          })),
        }),
    ...(field(step, 'error') === true ? { error: true } : {}),
  }
  return [
    { message: answer, ...(typeof tokens === 'number' ? { usage: { outputTokens: tokens } } : {}) },
    ...calls.map((call) => ({
      message: {
        role: 'tool',
        content: field(call, 'result') ?? '',
        tool_call: { function: textField(call, 'name') ?? 'unknown', args: field(call, 'args') ?? {} },
        ...(field(call, 'is_error') === true ? { error: 'error' } : {}),
      },
    })),
  ]
}
