import type { SkillRunRecord } from '@holdfast/model'

export type StepState = {
  readonly state: 'intended' | 'done' | 'waiting' | 'failed'
  readonly detail: string
  readonly plan?: string
  readonly restores?: string
  readonly entries: readonly number[]
}

/** A run and everything that became of it, by its records alone. */
export type RunState = {
  readonly started: SkillRunRecord
  readonly state: 'running' | 'waiting' | 'failed' | 'finished'
  readonly steps: ReadonlyMap<string, StepState>
}

/** The run after one more record of it. Undefined before it has begun. */
export function runAfter(known: RunState | undefined, record: SkillRunRecord, entry: number): RunState | undefined {
  if (record.state === 'started') return { started: record, state: 'running', steps: new Map() }
  if (known === undefined) return undefined
  if (record.step === undefined)
    return {
      ...known,
      state: record.state === 'finished' ? 'finished' : record.state === 'failed' ? 'failed' : known.state,
    }
  if (record.state === 'finished') return known
  const before = known.steps.get(record.step)
  const plan = record.plan ?? before?.plan
  const restores = record.restores ?? before?.restores
  const step: StepState = {
    state: record.state,
    detail: record.detail,
    ...(plan === undefined ? {} : { plan }),
    ...(restores === undefined ? {} : { restores }),
    entries: [...(before?.entries ?? []), entry],
  }
  const state = record.state === 'failed' ? 'failed' : record.state === 'waiting' ? 'waiting' : 'running'
  return { ...known, state, steps: new Map([...known.steps, [record.step, step]]) }
}
