import { RUNGS, type ResponsePolicy } from '@holdfast/model'
import type { LogReader, Recorder } from '@holdfast/recorder'
import type { PlanStep } from '@holdfast/respond'
import { AGENTS_A_MINUTE } from './limits.ts'

/** What holds before anybody decided: nothing happens by itself. */
export const NO_POLICY: ResponsePolicy = {
  automatic: 'off',
  twoPerson: { rungs: [], agents: [] },
  agentsAMinute: AGENTS_A_MINUTE,
}

type Decided = {
  readonly policy: ResponsePolicy
  readonly by: string | undefined
  readonly reason: string
  /** Log position; incidents of before are nobody's to answer without a person. */
  readonly entry: number
}

/** What may be done without a person. In the log before it is in force (FC3). */
export class ResponsePolicies {
  readonly #recorder: Pick<Recorder, 'appendControl'>
  #decided: Decided = { policy: NO_POLICY, by: undefined, reason: 'nobody has decided', entry: -1 }

  constructor({
    recorder,
    reader,
  }: {
    readonly recorder: Pick<Recorder, 'appendControl'>
    readonly reader: Pick<LogReader, 'controls'>
  }) {
    this.#recorder = recorder
    for (const { record, index } of reader.controls('response-policy')) {
      this.#decided = { ...record, entry: index }
    }
  }

  current(): Decided {
    return this.#decided
  }

  async decide(policy: ResponsePolicy, reason: string, by: string): Promise<Decided> {
    const { from } = await this.#recorder.appendControl({ kind: 'response-policy', policy, reason, by })
    // Two that cross: the later one in the log holds, as it will when it is read again.
    if (from > this.#decided.entry) this.#decided = { policy, by, reason, entry: from }
    return this.#decided
  }
}

/** Whether two people have to say yes to a plan of these rungs and agents. */
export function isTwoPerson(
  { twoPerson }: ResponsePolicy,
  { rung, agents }: { readonly rung: string | undefined; readonly agents: readonly string[] },
): boolean {
  return (
    RUNGS.some((one) => one === rung && twoPerson.rungs.includes(one)) ||
    agents.some((agent) => twoPerson.agents.includes(agent))
  )
}

/** Agents that the steps hold, each once. */
export function agentsOf(steps: readonly PlanStep[]): readonly string[] {
  return [...new Set(steps.map(({ agent }) => agent))]
}
