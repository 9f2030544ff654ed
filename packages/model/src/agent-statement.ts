import type { AgentId } from './ids.ts'

/** One thing that is stated of an agent; the newest of a field holds. */
export type AgentStatement = {
  readonly agent: AgentId
  readonly field: StatementField
  readonly value: string
  readonly reason: string
  readonly by: string
}

/**
 * What can be stated of an agent. `live`, `restartable`, `harm-reversible`, `takeover` and `life-safety` choose its rung.
 * `mode`: `monitoring` or `enforcement`, since when it is the record's time. `build`: digest of the image that was built for it.
 */
export type StatementField =
  | 'class'
  | 'track'
  | 'data-classes'
  | 'owner'
  | 'live'
  | 'restartable'
  | 'harm-reversible'
  | 'takeover'
  | 'life-safety'
  | 'reportable'
  | 'parity'
  | 'mode'
  | 'build'
