import type { UnixNano } from '@holdfast/model'

import type { PlanOutcome, StepRecord } from './outcome.ts'
import { outcomeOf, unsettledSteps } from './outcome.ts'
import type { PlanStep, ResponsePlan } from './plan.ts'
import { planHash } from './plan.ts'
import type { EffectOutcome, EffectProvider } from './provider.ts'

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
  const { plan } = work
  const { keep, records } = kept(work, [])
  const settled = await Promise.allSettled(plan.steps.map((step) => carryOutStep(work, step, keep)))
  const reverted = await compensate(work, records, keep)
  raise([...settled, ...reverted])
  return outcomeOf(plan, records)
}

/**
 * Takes steps back, each on record before and after; those that were never applied too, as far as their providers let them.
 * `records`: what is on record already. Of a release that was refused before, the intent stands, and only news is recorded.
 */
export async function takeBack(
  work: CarryOut,
  steps: readonly PlanStep[],
  { why, records = [] }: { readonly why: string; readonly records?: readonly StepRecord[] },
): Promise<void> {
  const last = (id: string) => records.findLast(({ step }) => step === id)
  const taken = steps.map((step) => revertStep(work, step, { why, keep: work.record, last: last(step.id) }))
  raise(await Promise.allSettled(taken))
}

/** Tries again whether a step is in effect. Nothing is recorded: the caller knows what is news. */
export async function probeAgain(
  work: Pick<CarryOut, 'plan' | 'providers' | 'now'>,
  step: PlanStep,
): Promise<Extract<StepRecord, { readonly kind: 'probed' }>> {
  return probed(work, step)
}

/**
 * Finds out what became of the steps that were under way when the program died, and records it: what a probe finds in effect is
 * applied, what it does not find failed and is taken back. A provider that cannot be asked now is left for later.
 */
export async function settle(work: CarryOut, records: readonly StepRecord[]): Promise<void> {
  const { plan } = work
  const { keep, records: all } = kept(work, records)
  raise(
    await Promise.allSettled(
      unsettledSteps(plan, records).map(({ step, of }) =>
        of === 'apply' ? settleApplied(work, step, keep) : revertAgain(work, step, { keep, records }),
      ),
    ),
  )
  raise(await compensate(work, all, keep))
}

type Keep = (entry: StepRecord) => Promise<void>

function kept(
  { record }: CarryOut,
  before: readonly StepRecord[],
): { readonly keep: Keep; readonly records: readonly StepRecord[] } {
  const records = [...before]
  return {
    records,
    keep: async (entry) => {
      await record(entry)
      records.push(entry)
    },
  }
}

function compensate(
  work: CarryOut,
  records: readonly StepRecord[],
  keep: Keep,
): Promise<readonly PromiseSettledResult<void>[]> {
  const ids = outcomeOf(work.plan, records).compensate
  const steps = work.plan.steps.filter(({ id }) => ids.includes(id))
  return Promise.allSettled(steps.map((step) => revertStep(work, step, { why: 'it failed halfway', keep })))
}

async function carryOutStep(work: CarryOut, step: PlanStep, keep: Keep): Promise<void> {
  const { plan, providers, now } = work
  // FC3
  await keep({ kind: 'requested', step: step.id, at: now() })
  const provider = providers.get(step.provider)
  const outcome = await outcomeFrom(() => provider?.apply(step, stepKey(plan, step)))
  await keep({ kind: 'answered', step: step.id, outcome, at: now() })
  if (outcome.status === 'failed' || provider === undefined) return
  await keep(await probed(work, step))
}

async function settleApplied(work: CarryOut, step: PlanStep, keep: Keep): Promise<void> {
  const { now } = work
  const found = await probed(work, step)
  if (found.unable !== undefined) return
  const isHeld = found.probes.length > 0 && found.probes.every(({ held }) => held)
  const outcome: EffectOutcome = isHeld
    ? { status: 'done', detail: 'its answer was not heard, and a probe found it in effect' }
    : { status: 'failed', detail: 'its answer was not heard, and a probe did not find it in effect' }
  await keep({ kind: 'answered', step: step.id, outcome, at: now() })
  if (isHeld) await keep({ ...found, at: now() })
}

async function revertStep(
  { plan, providers, now }: CarryOut,
  step: PlanStep,
  { why, keep, last }: { readonly why: string; readonly keep: Keep; readonly last?: StepRecord | undefined },
): Promise<void> {
  const provider = providers.get(step.provider)
  if (provider === undefined) return
  const refused = last?.kind === 'reverted' && last.outcome.status === 'failed' ? last.outcome.detail : undefined
  // FC3
  if (refused === undefined) await keep({ kind: 'reverting', step: step.id, why, at: now() })
  const outcome = await outcomeFrom(() => provider.revert(step, stepKey(plan, step), why))
  if (outcome.status === 'failed' && outcome.detail === refused) return
  await keep({ kind: 'reverted', step: step.id, outcome, at: now() })
}

/** The intent is on record already. */
async function revertAgain(
  { plan, providers, now }: CarryOut,
  step: PlanStep,
  { keep, records }: { readonly keep: Keep; readonly records: readonly StepRecord[] },
): Promise<void> {
  const begun = records.findLast((record) => record.kind === 'reverting' && record.step === step.id)
  const why = begun?.kind === 'reverting' ? begun.why : undefined
  const outcome = await outcomeFrom(() => providers.get(step.provider)?.revert(step, stepKey(plan, step), why))
  if (outcome.status === 'failed') return
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
    return { status: 'failed', detail: wordsOf(error) }
  }
}

async function probed(
  { plan, providers, now }: Pick<CarryOut, 'plan' | 'providers' | 'now'>,
  step: PlanStep,
): Promise<Extract<StepRecord, { readonly kind: 'probed' }>> {
  const provider = providers.get(step.provider)
  const record = (more: { readonly unable?: string }) =>
    ({ kind: 'probed', step: step.id, probes: [], ...more, at: now() }) as const
  if (provider === undefined) return record({ unable: 'nobody provides it' })
  try {
    return { ...record({}), probes: await provider.probe(step, stepKey(plan, step)) }
  } catch (error) {
    // A probe that breaks has confirmed nothing and refuted nothing; what happened is said where the result is read.
    return record({ unable: wordsOf(error) })
  }
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

function raise(results: readonly PromiseSettledResult<void>[]): void {
  for (const each of results) if (each.status === 'rejected') throw each.reason
}
