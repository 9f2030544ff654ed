import type { Responder } from '@holdfast/respond'

/** One thing that was looked at to see whether a connector can do its work. */
export type ConnectorCheck = {
  readonly id: string
  readonly status: 'PASS' | 'WARN' | 'FAIL'
  readonly title: string
  readonly detail: string
  readonly remedy?: string
}

/** A hold whose time was up and that was found by what it left on its object. */
export type SweptHold = {
  readonly target: string
  readonly incident: string
  readonly expired: string
  readonly status: 'released' | 'failed'
  readonly detail: string
}

/** A responder of another system, with what an operator needs to trust it. */
export type ResponseConnector = Responder & {
  readonly system: 'kubernetes' | 'aws'
  /** Where it reaches to, in words: an address or accounts, no secret. */
  readonly reaches: string
  /** Asks the other side who we are there and what we may. Changes nothing. */
  readonly check: () => Promise<readonly ConnectorCheck[]>
  /**
   * Releases holds whose time is up, whoever of us applied them. `before` is asked to record each before it is released;
   * what cannot be recorded is not released.
   */
  readonly sweep: (
    before: (hold: Omit<SweptHold, 'status' | 'detail'>) => Promise<void>,
  ) => Promise<readonly SweptHold[]>
}

/** Time, as a connector sees it. */
export type ConnectorClock = {
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly wait: (ms: number) => Promise<void>
}
