import { field, isJsonArray, isJsonObject } from '../decode/any-value.ts'
import type { Json } from '../decode/any-value.ts'
import type { RunReading } from './run.ts'

/** tau-bench: `{task_id, trial, reward, info, traj[]}`. The reward is a label and is not imported. */
export function isTauRun(json: Json): boolean {
  return isJsonArray(field(json, 'traj')) && field(json, 'task_id') !== undefined
}

export function readTauRun(json: Json, name: string, fileStem: string): RunReading {
  const traj = field(json, 'traj')
  const messages = isJsonArray(traj) ? traj.filter(isJsonObject) : []
  if (messages.length === 0) return { status: 'rejected', why: 'the run has no messages' }
  return {
    status: 'run',
    run: {
      format: 'tau-bench',
      agent: ['tau-bench', fileStem],
      name: `${name} task ${numberOf(json, 'task_id')} trial ${numberOf(json, 'trial')}`,
      messages: messages.map((message) => ({ message })),
    },
  }
}

function numberOf(json: Json, key: string): number {
  const value = field(json, key)
  return typeof value === 'number' ? value : 0
}
