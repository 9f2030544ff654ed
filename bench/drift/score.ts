import type { DriftChange } from '@holdfast/model'
import type { Label } from '../../scenarios/src/histories/drift/month.ts'

/** What became of one label, or of what has none. */
export type Scored = {
  /** Changes of each truth by the side on which they stand; `noise`: nothing happened that a label tells of. */
  readonly byTruth: ReadonlyMap<Label['truth'] | 'noise', { evolution: number; risky: number; grave: number }>
  /** Labels of each truth, and how many of them have a change on the right side (attacks, unrecorded: risky). */
  readonly labels: ReadonlyMap<string, { of: number; right: number }>
  readonly misses: readonly string[]
  readonly noise: readonly string[]
}

/** Holds what was reported of each agent against what really happened. */
export function score(labels: readonly Label[], changesOf: (agent: string) => readonly DriftChange[]): Scored {
  const byTruth = new Map<Label['truth'] | 'noise', { evolution: number; risky: number; grave: number }>()
  const counts = new Map<string, { of: number; right: number }>()
  const misses: string[] = []
  const noise: string[] = []
  for (const [agent, own] of Map.groupBy(labels, (label) => label.agent)) {
    const changes = changesOf(agent)
    const told = new Map<Label, DriftChange[]>()
    for (const change of changes) {
      const label = labelOf(own, change)
      const truth = label?.truth ?? 'noise'
      const sums = byTruth.get(truth) ?? { evolution: 0, risky: 0, grave: 0 }
      byTruth.set(truth, sums)
      sums[change.side] += 1
      if (change.side === 'risky' && change.severity !== 'low') sums.grave += 1
      if (label === undefined) noise.push(`${agent} ${change.side} ${change.verdict}: ${change.what}`)
      else told.set(label, [...(told.get(label) ?? []), change])
    }
    for (const label of own) {
      const found = told.get(label) ?? []
      const right =
        label.truth === 'evolution'
          ? found.length > 0 && found.every(({ side }) => side === 'evolution')
          : found.some(({ side }) => side === 'risky')
      for (const name of namesOf(label)) {
        const sums = counts.get(name) ?? { of: 0, right: 0 }
        counts.set(name, sums)
        sums.of += 1
        sums.right += right ? 1 : 0
      }
      if (!right)
        misses.push(
          `${agent} ${label.truth} ${label.what}${label.isTimed ? ' (timed)' : ''}: ${found.length === 0 ? 'nothing' : found.map(({ side, verdict, what, signals }) => `${side} ${verdict} ${what} [${signals.continuity.reason}; ${signals.bounds.reason}]`).join(' | ')}`,
        )
    }
  }
  return { byTruth, labels: counts, misses, noise }
}

function namesOf({ truth, what, isTimed }: Label): readonly string[] {
  if (truth !== 'attack') return [truth]
  return ['attack', isTimed ? 'attack within an hour after a rollout' : 'attack by itself', `attack: ${what}`]
}

/**
 * A risky change that was first seen in the executions of an attack leads to them, also where what is new came with a rollout: it
 * counts as that attack, and as the rollout where it is on the other side.
 */
function labelOf(labels: readonly Label[], change: DriftChange): Label | undefined {
  const own = labels.filter((label) => isOf(label, change))
  const attack =
    change.side === 'risky' && own[0]?.truth === 'evolution' ? own.find(({ truth }) => truth === 'attack') : undefined
  return attack ?? own[0]
}

/** An attack by when its executions were; a change of the agent by the name of what is new. */
function isOf({ truth, from, to, names }: Label, { at, what, key }: DriftChange): boolean {
  const time = Date.parse(at)
  if (truth === 'attack') return time >= from - 1_000 && time <= to
  return time >= from - 1_000 && time <= to && names.some((name) => `${key ?? ''} ${what}`.includes(name))
}

/** Wilson's 95 % interval of a share. */
export function wilson(hits: number, of: number): readonly [low: number, high: number] {
  if (of === 0) return [0, 1]
  const [z, p] = [1.96, hits / of]
  const middle = p + z ** 2 / (2 * of)
  const half = z * Math.sqrt((p * (1 - p)) / of + z ** 2 / (4 * of ** 2))
  const whole = 1 + z ** 2 / of
  return [Math.max(0, (middle - half) / whole), Math.min(1, (middle + half) / whole)]
}
