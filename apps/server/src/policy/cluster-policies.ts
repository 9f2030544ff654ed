import type { Answer } from '@holdfast/api'
import { ConnectorError, type PolicyObjects, type PolicyOutcome } from '@holdfast/connectors'
import { inForceAt } from '@holdfast/enforce'
import type { PolicyArtifact } from '@holdfast/model'
import { HttpError } from '../http/problem.ts'
import type { PolicyBook } from './policy-book.ts'

/** A cluster that generated policies may be put into. */
export type PolicyCluster = {
  readonly name: string
  /** As agents name it. */
  readonly cluster: string
  readonly namespaces?: readonly string[]
  readonly objects: Pick<PolicyObjects, 'apply' | 'restore'>
}

type Step = {
  readonly book: PolicyBook
  readonly clusters: readonly PolicyCluster[]
  readonly by: string
  readonly reason: string
  readonly rehearse: boolean
}

/**
 * Puts a policy into the cluster of its agent. A cluster has no mode that only watches, so nothing but what the rollout enforces goes
 * there. The cluster checks it first; then the step is in the log with what stood there before; then it is carried out. Throws
 * HttpError 409 with the reason where it is not.
 */
export async function placePolicy(artifact: PolicyArtifact, step: Step): Promise<Answer<'applyPolicy'>> {
  const { book, by, reason, rehearse } = step
  const { cluster, target } = clusterOf(artifact, step)
  const isEnforced = inForceAt(book.state, artifact.agent, { time: book.now }).some(
    (one) => one.artifact.id === artifact.id && one.mode === 'enforce',
  )
  if (!isEnforced && !rehearse)
    throw new HttpError(
      409,
      'not-enforced: a cluster refuses at once what a policy does not name, so it has to be enforced by its rollout first',
    )
  const checked = done(
    await told(() => cluster.objects.apply(artifact.document, { artifact: artifact.id, isRehearsal: true })),
  )
  if (rehearse) return { target, detail: checked.detail }
  const stood = book.state.placed.get(target)?.at(-1)?.artifact === artifact.id
  const deed = {
    do: 'applied' as const,
    agent: artifact.agent,
    artifact: artifact.id,
    target,
    detail: checked.detail,
    ...(checked.before === undefined ? {} : { before: checked.before }),
  }
  const { entry } = await book.step(() => deed, { reason, by })
  try {
    const { detail } = done(
      await told(() => cluster.objects.apply(artifact.document, { artifact: artifact.id, isRehearsal: false })),
    )
    return { entry, target, detail }
  } catch (fault) {
    // Whether a cluster that did not answer took it is not known: it counts as there, and is withdrawn like the others.
    const isTaken = stood || (fault instanceof HttpError && fault.status === 503)
    if (isTaken) throw fault
    const detail = `not carried out: ${fault instanceof Error ? fault.message : String(fault)}`
    await book.step(() => ({ ...deed, do: 'withdrawn', detail }), { reason: 'the cluster did not take it', by })
    throw fault
  }
}

/** Restores what stood in the cluster before the policy, to the byte. Only the newest one of a place can be taken back. */
export async function withdrawPolicy(artifact: PolicyArtifact, step: Step): Promise<Answer<'withdrawPolicy'>> {
  const { book, by, reason, rehearse } = step
  const { cluster, target } = clusterOf(artifact, step)
  const newest = book.state.placed.get(target)?.at(-1)
  if (newest?.artifact !== artifact.id)
    throw new HttpError(
      409,
      newest === undefined
        ? 'not-applied: it was not put there'
        : `not-newest: ${newest.artifact} was put there after it`,
    )
  const restore = (isRehearsal: boolean): Promise<PolicyOutcome> =>
    told(() =>
      cluster.objects.restore(artifact.document, { before: newest.before, artifact: artifact.id, isRehearsal }),
    )
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
    const { before } = newest
    const again = { ...deed, do: 'applied' as const, detail, ...(before === undefined ? {} : { before }) }
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

function clusterOf(
  { agent, document, kind }: PolicyArtifact,
  { clusters }: Step,
): { readonly cluster: PolicyCluster; readonly target: string } {
  const { metadata } = document as { readonly metadata?: { readonly name?: string; readonly namespace?: string } } // of a generator
  const { name, namespace } = metadata ?? {}
  if (name === undefined || namespace === undefined)
    throw new HttpError(409, `not-in-layer: no cluster takes a ${kind} policy`)
  const own = /^k8s:([^/]+)\//.exec(agent)?.[1]
  const cluster = clusters.find((one) => one.cluster === own && (one.namespaces ?? [namespace]).includes(namespace))
  if (cluster === undefined)
    throw new HttpError(
      409,
      `no-cluster: connectors.yaml names no cluster "${own ?? '-'}" with apply-policies for ${namespace}`,
    )
  return { cluster, target: `${cluster.name}:${namespace}/${kind}/${name}` }
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
