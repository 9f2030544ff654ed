import type { RecoveringAgent } from '@holdfast/api'
import { isIdentityAgent } from '@holdfast/capture'
import type { FactName, FactValue } from '@holdfast/respond'
import { type FactSource, programFact } from '../case/fact-source.ts'
import type { Recovery } from './recovery.ts'

/**
 * The facts of the phase Recover, each of all agents of the incident at once: the one that is worst off decides. What is not
 * known of one of them is not stated: a build that nobody stated matches nothing.
 */
export function recoveryFacts(recovery: Pick<Recovery, 'of'>): FactSource {
  return async ({ incident }) => {
    const { agents } = await recovery.of(incident)
    const profiled = agents.filter(({ profile }) => profile !== undefined)
    // An identity comes back as whoever acts as it, and has no profile of its own to come back on.
    const workloads = profiled.filter(({ agent }) => !isIdentityAgent(agent))
    const observed = workloads.length > 0 ? workloads : profiled
    const proofs = [
      ...incident.history.map(({ position }) => position),
      ...observed.flatMap(({ mode }) => mode?.entry ?? []),
    ]
    const facts: readonly (readonly [FactName, FactValue | undefined])[] = [
      ['mode', worst(observed, ({ mode }) => mode?.mode, ['enforcement', 'monitoring'])],
      ['parity-gate', worst(observed, ({ staging }) => staging?.parity, ['refused', 'passed'])],
      ['profile-state', worst(observed, stateOf, ['learning', 'ageing', 'converged'])],
      ['monitored-hours', ofAll(observed, ({ monitoredHours }) => monitoredHours, Math.min)],
      ['recurrences', ofAll(observed, ({ recurrences }) => recurrences, Math.max)],
      ['digest-matches', every(observed, ({ build }) => build?.matches)],
      ['exercised-uncovered', ofAll(observed, ({ grants }) => grants?.exercisedUncovered, sum)],
      ['unused-excess', ofAll(observed, ({ grants }) => grants?.unusedExcess, sum)],
    ]
    const again = observed.flatMap(({ recurred = [] }) => recurred.map(({ entry }) => entry))
    return facts.flatMap(([fact, value]) =>
      value === undefined
        ? []
        : [programFact(fact, value, fact === 'recurrences' && again.length > 0 ? again : proofs)],
    )
  }
}

/** Its own profile once that has settled again, else that of the staging it came back on. */
function stateOf({ profile, staging }: RecoveringAgent): string | undefined {
  if (staging === undefined) return undefined
  const states = [profile?.status, staging.status]
  if (states.includes('converged')) return 'converged'
  return states.includes('non-convergent') ? 'ageing' : 'learning'
}

/** The first of these words that one of the agents has; undefined where one has none. */
function worst(
  agents: readonly RecoveringAgent[],
  of: (agent: RecoveringAgent) => string | undefined,
  order: readonly string[],
): string | undefined {
  const values = agents.map(of)
  return values.length === 0 || values.includes(undefined) ? undefined : order.find((one) => values.includes(one))
}

function ofAll(
  agents: readonly RecoveringAgent[],
  of: (agent: RecoveringAgent) => number | undefined,
  together: (...values: readonly number[]) => number,
): number | undefined {
  const values = agents.flatMap((agent) => of(agent) ?? [])
  return values.length === 0 || values.length < agents.length ? undefined : together(...values)
}

function every(
  agents: readonly RecoveringAgent[],
  of: (agent: RecoveringAgent) => boolean | undefined,
): boolean | undefined {
  const values = agents.map(of)
  return values.length === 0 || values.includes(undefined) ? undefined : values.every((value) => value === true)
}

function sum(...values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
