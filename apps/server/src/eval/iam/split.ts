import { awsIam, deriveAwsIam, type GeneratorFacts, type UseFact } from '@holdfast/enforce'
import { formatRfc3339, type Event, type PolicyArtifact, type UnixNano } from '@holdfast/model'
import type { History, RecordedCall } from './histories.ts'

export type Choice = {
  readonly granularity: 'container' | 'prefix' | 'object'
  readonly closure: 'action-class' | 'none'
}

/** An identity's ordinary calls parted by time, and what the technique's calls are. Calls that AWS refused are in none. */
export type Parts = {
  readonly earlier: readonly RecordedCall[]
  readonly later: readonly RecordedCall[]
  readonly technique: readonly RecordedCall[]
}

/** The first `share` of the ordinary calls and the rest; of one instant those that were read first are earlier. */
export function partsOf({ calls }: History, share: number): Parts {
  const ordinary = calls.filter(({ label, isRefused }) => label === 'ordinary' && !isRefused)
  const cut = Math.floor(ordinary.length * share)
  return {
    earlier: ordinary.slice(0, cut),
    later: ordinary.slice(cut),
    // A technique that AWS refused was tried all the same: a policy has to refuse it as well.
    technique: calls.filter(({ label }) => label === 'technique'),
  }
}

export type Derived =
  | { readonly status: 'made'; readonly artifact: PolicyArtifact; readonly judge: (event: Event) => boolean }
  | { readonly status: 'refused'; readonly reason: string }

/**
 * The policy of the earlier calls alone, by the code that makes an agent's. What is chosen otherwise than in the product is the
 * confidence: recordings of minutes have no three days.
 */
export function derived(history: History, earlier: readonly RecordedCall[], choice: Choice): Derived {
  const generation = deriveAwsIam(factsOf(history, earlier, choice))
  if (generation.status === 'refused') return { status: 'refused', reason: generation.reason }
  const judge = awsIam.judge(generation.artifact)
  return {
    status: 'made',
    artifact: generation.artifact,
    judge: (event) => judge(event).status === 'allowed',
  }
}

function factsOf({ identity, acts }: History, earlier: readonly RecordedCall[], choice: Choice): GeneratorFacts {
  const byAct = Map.groupBy(
    earlier.map((call, i) => ({ call, i })),
    ({ call }) => call.act,
  )
  const uses = [...byAct].flatMap(([act, some]): readonly UseFact[] => {
    const of = acts[act]
    if (of === undefined) return []
    return [
      {
        plane: 'aws',
        principal: identity,
        action: of.action,
        resources: of.resources,
        // The place in the history stands for the place in a log.
        entries: some.slice(0, 16).map(({ i }) => i),
        count: some.length,
        days: [...new Set(some.map(({ call }) => dayOf(call.at)))],
      },
    ]
  })
  const last = earlier.at(-1)
  const asOf = last === undefined ? '1970-01-01T00:00:00Z' : formatRfc3339(last.at)
  const chosen = (value: string): { readonly value: string; readonly chosenBy: string; readonly reason: string } => ({
    value,
    chosenBy: 'evaluation',
    reason: 'measured',
  })
  return {
    agent: { id: identity, name: identity, class: 'unclassified' },
    profile: {
      digest: '0'.repeat(64),
      asOf,
      days: new Set(earlier.map(({ at }) => dayOf(at))).size,
      observations: earlier.length,
      size: earlier.length,
      status: 'observing',
    },
    entries: [],
    tools: [],
    grants: [],
    uses,
    names: new Map(),
    inForce: [],
    planesRead: [],
    platform: { dns: [], collector: [] },
    decisions: {
      granularity: chosen(choice.granularity),
      closure: chosen(choice.closure),
      confidence: chosen('days>=1'),
    },
    now: asOf,
  }
}

function dayOf(at: UnixNano): string {
  return formatRfc3339(at).slice(0, 10)
}
