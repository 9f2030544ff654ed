import { inForceAt, NO_ROLLOUT, withRecord, type PolicyRecord, type RolloutState } from '@holdfast/enforce'
import { formatRfc3339, type Event } from '@holdfast/model'
import { principalName } from '@holdfast/observe'
import type { ControlEntry, LogReader } from '@holdfast/recorder'
import { type Allowances, violationsBy, type PoliciesInForce } from './violations.ts'

/** A record of the log as the rollout reads it. */
export function policyRecord({ record, index, recordedAt }: ControlEntry<'policy'>): PolicyRecord {
  const { deed, reason, by } = record
  return { entry: index, at: formatRfc3339(recordedAt), deed, reason, by }
}

/** The policies of a log, read on as it grows: for a thread that has no part in making them. */
export class PolicyLog {
  readonly #reader: Pick<LogReader, 'eachControl' | 'size'>
  #state: RolloutState = NO_ROLLOUT
  #read = 0

  constructor(reader: Pick<LogReader, 'eachControl' | 'size'>) {
    this.#reader = reader
  }

  /** True where a policy of the agent is enforced at the end of the log, whatever the time: what is past its validity is recorded. */
  isEnforced(agent: string): boolean {
    return (this.#current().force.get(agent) ?? []).some(({ mode, to }) => mode === 'enforce' && to === undefined)
  }

  #current(): RolloutState {
    const size = this.#reader.size()
    if (size === this.#read) return this.#state
    for (const entry of this.#reader.eachControl('policy', { from: this.#read, to: size }))
      this.#state = withRecord(this.#state, policyRecord(entry))
    this.#read = size
    return this.#state
  }
}

/** Judges events by the artifacts that held when they were recorded. */
export function policiesInForce(state: () => RolloutState): PoliciesInForce & Allowances {
  return {
    ...violationsBy(
      (event) => inForceFor(state(), event),
      (id) => state().artifacts.get(id)?.artifact,
    ),
    // A host may refuse in the name of an artifact that was given to it by hand, and that was made of another agent.
    agents: () =>
      new Set([
        ...state().force.keys(),
        ...[...state().artifacts.values()].map(({ artifact }) => artifact.agent),
        ...state().hosted,
      ]),
  }
}

/** What held for the agent of an event, and for agents that act as the principal of one that a cloud recorded. */
function inForceFor(state: RolloutState, event: Event): ReturnType<typeof inForceAt> {
  const { agent, body, entry, recordedAt } = event
  const agents = new Set<string>([agent.id])
  if (body.kind === 'api-call') {
    const name = principalName(body.principal.id)
    for (const { artifact, principals } of state.artifacts.values())
      if (principals.some((one) => principalName(one) === name)) agents.add(artifact.agent)
  }
  const time = formatRfc3339(recordedAt)
  return [...agents].flatMap((one) => inForceAt(state, one, { entry, time }))
}
