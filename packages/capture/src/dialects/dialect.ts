import type { Received } from '../decode/records.ts'
import type { Act } from './act.ts'
import type { AttributeReader } from './attribute-reader.ts'

/**
 * One vocabulary in which agents are instrumented (standards: the dialect table). A dialect is a pure reading of one
 * record; it never sees another record, so that arrival order cannot matter.
 */
export type Dialect = {
  readonly name: string
  /** True where the record speaks this dialect. Asked in the order of registry.ts; must be cheap. */
  recognises(received: Received): boolean
  read(received: Received, reader: AttributeReader): Reading
}

export type Reading = {
  /** Empty for a record that carries structure only. */
  readonly acts: readonly Act[]
  /** The named agent of the process that acts. */
  readonly member?: string
  /** Conversation that only this dialect knows how to find; else the common keys are asked. */
  readonly conversation?: string
  /** A better name than the span's for a step. */
  readonly stepName?: string
}
