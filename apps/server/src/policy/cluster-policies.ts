import type { Answer } from '@holdfast/api'
import { ConnectorError, type PolicyOutcome } from '@holdfast/connectors'
import { clusterEffect, inForceAt } from '@holdfast/enforce'
import type { PolicyArtifact } from '@holdfast/model'
import { HttpError } from '../http/problem.ts'
import type { Around } from './around.ts'
import { placeOf, scopeOfTarget, type PolicyCluster, type PolicyScope } from './policy-place.ts'
import type { PolicyBook } from './policy-book.ts'

type Step = {
  readonly book: PolicyBook
  readonly clusters: readonly PolicyCluster[]
  readonly by: string
  readonly reason: string
  readonly rehearse: boolean
  /** Namespaced unless told. */
  readonly scope?: PolicyScope | undefined
}

type PlaceStep = Step & {
  /** The plan that a rehearsal named: where it would be another by now, nothing is done. */
  readonly plan?: string | undefined
  /** What stands around the agent in the cluster. */
  readonly around: (agent: string) => Promise<Around>
}

/**
 * Puts a policy into the cluster of its agent. A cluster has no mode that only watches, so nothing but what the rollout enforces goes
 * there. The cluster checks it first; then the step is in the log with what stood there before; then it is carried out. Throws
 * HttpError 409 with the reason where it is not.
 */
export async function placePolicy(artifact: PolicyArtifact, step: PlaceStep): Promise<Answer<'applyPolicy'>> {
  const { book, by, reason, rehearse } = step
  const { target, apply } = placeOf(artifact, step)
  const isEnforced = inForceAt(book.state, artifact.agent, { time: book.now }).some(
    (one) => one.artifact.id === artifact.id && one.mode === 'enforce',
  )
  if (!isEnforced && !rehearse)
    throw new HttpError(
      409,
      'not-enforced: a cluster refuses at once what a policy does not name, so it has to be enforced by its rollout first',
    )
  const checked = done(await told(() => apply({ isRehearsal: true, plan: step.plan })))
  const { plan = '', priority } = checked
  const effect = priority === undefined ? '' : await effectOf(artifact, { priority, around: step.around })
  if (rehearse) return { target, plan, detail: `${checked.detail}${effect}` }
  const newest = book.state.placed.get(target)?.at(-1)
  const stood = newest?.artifact === artifact.id ? newest : undefined
  const deed = {
    do: 'applied' as const,
    agent: artifact.agent,
    artifact: artifact.id,
    target,
    detail: `${checked.detail}${effect}`,
    ...(checked.before === undefined ? {} : { before: checked.before }),
    ...(priority === undefined ? {} : { priority }),
  }
  const { entry } = await book.step(() => deed, { reason, by })
  try {
    // What is written is what is on record: over something else than was there, nothing is.
    const { detail } = done(await told(() => apply({ isRehearsal: false, plan })))
    return { entry, target, plan, detail: `${detail}${effect}` }
  } catch (fault) {
    // Whether a cluster that did not answer took it is not known: it counts as there, and is withdrawn like the others.
    if (fault instanceof HttpError && fault.status === 503) throw fault
    const detail = `not carried out: ${fault instanceof Error ? fault.message : String(fault)}`
    // What stood there stands there still, where it was.
    const undone =
      stood === undefined
        ? { ...deed, do: 'withdrawn' as const, detail }
        : { ...deed, detail, ...(stood.priority === undefined ? {} : { priority: stood.priority }) }
    await book.step(() => undone, { reason: 'the cluster did not take it', by })
    throw fault
  }
}

/** Restores what stood in the cluster before the policy, to the byte. Only the newest one of a place can be taken back. */
export async function withdrawPolicy(artifact: PolicyArtifact, step: Step): Promise<Answer<'withdrawPolicy'>> {
  const { book, by, reason, rehearse } = step
  const place = placeOf(artifact, step)
  const { target } = place
  const newest = book.state.placed.get(target)?.at(-1)
  if (newest?.artifact !== artifact.id)
    throw new HttpError(
      409,
      newest === undefined
        ? 'not-applied: it was not put there'
        : `not-newest: ${newest.artifact} was put there after it`,
    )
  const restore = (isRehearsal: boolean): Promise<PolicyOutcome> =>
    told(() => place.restore({ before: newest.before, isRehearsal }))
  const checked = done(await restore(true))
  if (rehearse) return { target, detail: checked.detail }
  const deed = {
    do: 'withdrawn' as const,
    agent: artifact.agent,
    artifact: artifact.id,
    target,
    detail: checked.detail,
  }
  const { entry } = await book.step(() => deed, { reason, by })
  try {
    const { detail } = done(await restore(false))
    return { entry, target, detail }
  } catch (fault) {
    const detail = `it stands still: ${fault instanceof Error ? fault.message : String(fault)}`
    const { before, priority } = newest
    const again = {
      ...deed,
      do: 'applied' as const,
      detail,
      ...(before === undefined ? {} : { before }),
      ...(priority === undefined ? {} : { priority }),
    }
    await book.step(() => again, { reason: 'the cluster did not give it back', by })
    throw fault
  }
}

/**
 * Takes back what a cluster still refuses in the name of a policy that is not enforced any more: expired, rolled back, of a tainted
 * profile. Returns what could not be taken back, with the reason.
 */
export async function withdrawLapsed(step: Pick<Step, 'book' | 'clusters'>): Promise<readonly string[]> {
  const { book } = step
  const failures: string[] = []
  for (const [target, places] of book.state.placed) {
    const newest = places.at(-1)
    const artifact = newest === undefined ? undefined : book.artifact(newest.artifact)
    if (newest === undefined || artifact === undefined) continue
    const inForce = inForceAt(book.state, newest.agent, { time: book.now })
    if (inForce.some((one) => one.artifact.id === newest.artifact && one.mode === 'enforce')) continue
    try {
      await withdrawPolicy(artifact, {
        ...step,
        scope: scopeOfTarget(target),
        by: 'holdfast',
        reason: 'it is not enforced any more',
        rehearse: false,
      })
    } catch (fault) {
      // Told to the operator and tried again: the object stands until then.
      failures.push(`${target}: ${fault instanceof Error ? fault.message : String(fault)}`)
    }
  }
  return failures
}

/** A place that holds another policy than was put there, with in what; in nothing: it is that policy again. */
export type ChangedPolicy = {
  readonly artifact: PolicyArtifact
  readonly target: string
  readonly differences: readonly string[]
}

/** Holds the newest policy of each place against what was put there; what has changed since the last look is on record first. */
export async function compareStanding(step: Pick<Step, 'book' | 'clusters'>): Promise<{
  readonly changed: readonly ChangedPolicy[]
  /** What could not be looked at, with the reason. */
  readonly failures: readonly string[]
}> {
  const { book } = step
  const changed: ChangedPolicy[] = []
  const failures: string[] = []
  for (const [target, places] of book.state.placed) {
    const newest = places.at(-1)
    const artifact = newest === undefined ? undefined : book.artifact(newest.artifact)
    if (newest === undefined || artifact === undefined) continue
    try {
      const place = placeOf(artifact, { ...step, scope: scopeOfTarget(target) })
      const differences = await place.differences(newest.priority)
      const before = newest.differences ?? []
      // Something else may have been put there, or taken away, while the cluster was asked.
      if (book.state.placed.get(target)?.at(-1) !== newest || isSame(before, differences)) continue
      const { agent } = newest
      await book.step(() => ({ do: 'compared', agent, artifact: artifact.id, target, differences }), {
        reason: 'what stands there was held against what was put there',
        by: 'holdfast',
      })
      changed.push({ artifact, target, differences })
    } catch (fault) {
      // Told to the operator and tried again: what it holds is not known until then.
      failures.push(`${target}: ${fault instanceof Error ? fault.message : String(fault)}`)
    }
  }
  return { changed, failures }
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((one, at) => one === b[at])
}

/** What policies of the whole cluster do beside all that stands there; nothing is claimed where that was not read. */
async function effectOf(
  artifact: PolicyArtifact,
  { priority, around }: { readonly priority: number; readonly around: PlaceStep['around'] },
): Promise<string> {
  const { inForce, planesRead } = await around(artifact.agent)
  if (!planesRead.includes('network')) return '; policies in force were not read, so nothing is said of them'
  return `; ${clusterEffect(artifact, { inForce, firstPriority: priority }).reason}`
}

function done(outcome: PolicyOutcome): Extract<PolicyOutcome, { readonly status: 'done' }> {
  if (outcome.status === 'refused') throw new HttpError(409, `refused: ${outcome.reason}`)
  return outcome
}

/** A cluster that does not answer is no fault of ours. */
async function told(ask: () => Promise<PolicyOutcome>): Promise<PolicyOutcome> {
  try {
    return await ask()
  } catch (fault) {
    if (fault instanceof ConnectorError) throw new HttpError(503, fault.message)
    throw fault
  }
}
