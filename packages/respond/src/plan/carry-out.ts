import type { UnixNano } from '@holdfast/model'

import type { PlanOutcome, StepRecord } from './outcome.ts'
import { outcomeOf } from './outcome.ts'
import type { PlanStep, ResponsePlan } from './plan.ts'
import { planHash } from './plan.ts'
import type { EffectOutcome, EffectProbe, EffectProvider } from './provider.ts'

export type CarryOut = {
  readonly plan: ResponsePlan
  readonly providers: ReadonlyMap<string, EffectProvider>
  /** Makes a step durable. What cannot be recorded is not done: if it fails, so does the whole. */
  readonly record: (record: StepRecord) => Promise<void>
  readonly now: () => UnixNano
}

/**
 * Carries a plan out, all its steps beside each other: each is on record before it is done, answered, probed, and taken back
 * where it failed halfway. It asks nothing: {@link mayApply} was asked before.
 */
export async function carryOut(work: CarryOut): Promise<PlanOutcome> {
  const { plan, record } = work
  const records: StepRecord[] = []
  const keep = async (entry: StepRecord): Promise<void> => {
    await record(entry)
    records.push(entry)
  }
  const settled = await Promise.allSettled(plan.steps.map((step) => carryOutStep(work, step, keep)))
  const { compensate } = outcomeOf(plan, records)
  const toRevert = plan.steps.filter(({ id }) => compensate.includes(id))
  const reverted = await Promise.allSettled(toRevert.map((step) => revertStep(work, step, keep)))
  for (const each of [...settled, ...reverted]) if (each.status === 'rejected') throw each.reason
  return outcomeOf(plan, records)
}

type Keep = (entry: StepRecord) => Promise<void>

async function carryOutStep({ plan, providers, now }: CarryOut, step: PlanStep, keep: Keep): Promise<void> {
  // FC3
  await keep({ kind: 'requested', step: step.id, at: now() })
  const provider = providers.get(step.provider)
  const outcome = await outcomeFrom(() => provider?.apply(step, stepKey(plan, step)))
  await keep({ kind: 'answered', step: step.id, outcome, at: now() })
  if (outcome.status === 'failed' || provider === undefined) return
  await keep({ kind: 'probed', step: step.id, probes: await probesFrom(provider, step), at: now() })
}

async function revertStep({ plan, providers, now }: CarryOut, step: PlanStep, keep: Keep): Promise<void> {
  const provider = providers.get(step.provider)
  if (provider === undefined) return
  const outcome = await outcomeFrom(() => provider.revert(step, stepKey(plan, step)))
  await keep({ kind: 'reverted', step: step.id, outcome, at: now() })
}

/** The same for the same step of the same plan, so that a second try after a crash does nothing twice. */
function stepKey(plan: ResponsePlan, step: PlanStep): string {
  return `${planHash(plan)}/${step.id}`
}

async function outcomeFrom(act: () => Promise<EffectOutcome> | undefined): Promise<EffectOutcome> {
  try {
    return (await act()) ?? { status: 'failed', detail: 'nobody provides it' }
  } catch (error) {
    return { status: 'failed', detail: error instanceof Error ? error.message : String(error) }
  }
}

async function probesFrom(provider: EffectProvider, step: PlanStep): Promise<readonly EffectProbe[]> {
  try {
    return await provider.probe(step)
  } catch (error) {
    // A probe that breaks has confirmed nothing, and says what happened where the result is read.
    return [{ way: 'probe', held: false, detail: error instanceof Error ? error.message : String(error) }]
  }
}
