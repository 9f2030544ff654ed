import { field, isJsonArray, isJsonObject, textField } from '../decode/any-value.ts'
import type { Json } from '../decode/any-value.ts'
import type { RunReading } from './run.ts'

/*
 * Runs of tool-using assistants as AgentDojo and its relatives write them: one object per run. Three layouts:
 * `messages[]` with labels beside it (AgentDojo, AgentDyn), `messages[]` with `metadata{}` (Invariant's export), and
 * `conversations[]` (DRIFT). Labels such as `security` are no part of what the agent did and are not imported.
 */

/** True where the value looks like a run of this family. */
export function isAssistantRun(json: Json): boolean {
  const messages = field(json, 'messages', 'conversations')
  return isJsonArray(messages) && (field(json, 'suite_name') !== undefined || isJsonObject(field(json, 'metadata')))
}

export function readAssistantRun(json: Json, name: string): RunReading {
  const metadata = field(json, 'metadata') ?? json
  const format =
    field(json, 'conversations') !== undefined
      ? 'drift'
      : field(json, 'metadata') !== undefined
        ? 'agentdojo'
        : 'agentdyn'
  const pipeline = textField(json, 'pipeline_name') ?? textField(metadata, 'model')
  const suite = textField(metadata, 'suite_name')
  const messages = field(json, 'messages', 'conversations')
  if (!isJsonArray(messages) || messages.length === 0) return { status: 'rejected', why: 'the run has no messages' }
  const list = messages.filter(isJsonObject)
  if (list.length !== messages.length) return { status: 'rejected', why: 'a message is not an object' }
  const task = ['user_task_id', 'attack_type', 'injection_task_id'].flatMap((key) => textField(metadata, key) ?? [])
  return {
    status: 'run',
    run: {
      format,
      agent: [format, ...(pipeline === undefined ? [] : [pipeline]), ...(suite === undefined ? [] : [suite])],
      name: [name, ...task].join(' '),
      ...(pipeline === undefined ? {} : { model: pipeline }),
      messages: list.map((message) => ({ message })),
    },
  }
}
