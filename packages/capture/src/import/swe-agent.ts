import { field, isJsonArray, isJsonObject, textField } from '../decode/any-value.ts'
import type { Json, JsonObject } from '../decode/any-value.ts'
import type { RunMessage, RunReading } from './run.ts'

/** SWE-agent `.traj`: `trajectory[]` of `{action, observation, thought, response}` and `history[]`, or `history[]` only. */
export function isSweRun(json: Json): boolean {
  return (
    isJsonArray(field(json, 'history')) &&
    (isJsonArray(field(json, 'trajectory')) || field(json, 'messages') === undefined)
  )
}

/**
 * What stood in the context before the first step comes from `history`; then each step is an answer that asks for the
 * tool `shell`, and its observation. No sensor saw the commands: what is imported is what the agent says it ran.
 */
export function readSweRun(json: Json, name: string, fileStem: string): RunReading {
  const history = field(json, 'history')
  const steps = field(json, 'trajectory')
  const told = isJsonArray(history) ? history.filter(isJsonObject) : []
  const messages =
    isJsonArray(steps) && steps.length > 0 ? [...opening(told), ...steps.flatMap(readStep)] : told.flatMap(readHistory)
  if (messages.length === 0) return { status: 'rejected', why: 'the run has neither steps nor messages' }
  const environment = textField(json, 'environment')
  return {
    status: 'run',
    run: { format: 'swe-agent', agent: ['swe-agent', environment ?? fileStem], name, messages },
  }
}

/** Messages up to the first answer of the agent itself; demonstrations are part of its context. */
function opening(history: readonly JsonObject[]): readonly RunMessage[] {
  const first = history.findIndex(
    (message) => textField(message, 'role') === 'assistant' && field(message, 'is_demo') !== true,
  )
  return history.slice(0, first === -1 ? history.length : first).map((message) => ({ message }))
}

function readStep(step: Json): readonly RunMessage[] {
  const action = textField(step, 'action')
  const said = textField(step, 'response', 'thought') ?? ''
  const observation = field(step, 'observation')
  const calls = action === undefined ? {} : { tool_calls: [{ function: 'shell', args: { command: action.trimEnd() } }] }
  const answer: RunMessage = { message: { role: 'assistant', content: said, ...calls } }
  if (action === undefined || typeof observation !== 'string') return [answer]
  return [answer, { message: { role: 'tool', content: observation, tool_call: { function: 'shell', args: {} } } }]
}

/** Without steps: the calls that the messages hold, else the `action` beside them. */
function readHistory(message: JsonObject): readonly RunMessage[] {
  const action = textField(message, 'action')
  if (action === undefined || isJsonArray(field(message, 'tool_calls'))) return [{ message }]
  return [{ message: { ...message, tool_calls: [{ function: 'shell', args: { command: action } }] } }]
}
