import type { Agent } from '@holdfast/api'
import type { LogReader, ProjectionStore } from '@holdfast/recorder'

/** A question that cannot be answered as it was put. `status` is an HTTP status. */
export class QuestionError extends Error {
  override readonly name = 'QuestionError'
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

/** What questions are answered from: the log and one projection of it. */
export type ViewSources = {
  readonly reader: LogReader
  readonly store: ProjectionStore
  /** What another projection says of an agent in lists; undefined before it has seen the agent. */
  readonly factsOf?: (agent: string) => Pick<Agent, 'class' | 'roster' | 'workload' | 'shadow'> | undefined
  /** The incident that goes by this id, or went by it; its headline is untrusted. */
  readonly incidentNamed?: (id: string) => { readonly id: string; readonly headline: string } | undefined
}
