import { canonicalJson } from '@holdfast/model'
import type { EffectOutcome, EffectProbe } from '@holdfast/respond'

import type { Hold } from '../hold.ts'
import type { KubernetesApi } from './api.ts'
import { okOf } from './api.ts'
import { holdsOn } from './marks.ts'
import type { Allowed, PolicyWish } from './network-policy.ts'
import { isPoliced, openedBy, policyName, policyOf, selectsPod } from './network-policy.ts'
import type { KubeObject } from './objects.ts'
import { policiesPath } from './refs.ts'
import type { SelectedWorkload } from './workload.ts'
import { named } from './workload.ts'

/** The network of a workload's pods, as it is to be cut. */
export type NetworkWish = {
  readonly id: string
  readonly hold: Hold
  readonly workload: SelectedWorkload
  readonly allowed: readonly Allowed[]
  readonly only?: readonly string[]
}

/** Why it cannot be cut, or what is to be known about it before. Writes nothing. */
export async function rehearseNetwork(
  api: KubernetesApi,
  wish: NetworkWish,
): Promise<{ readonly obstacle: string } | { readonly words: string }> {
  const { workload, only } = wish
  const { namespace } = workload.ref
  if (workload.foreign.length > 0) {
    return { obstacle: `its selector also selects pods of others: ${named(workload.foreign)}` }
  }
  const others = (await policiesIn(api, namespace)).filter(({ metadata }) => metadata.name !== policyName(wish.id))
  if (only !== undefined && isPoliced(others, labelsOfPods(workload), 'Egress')) {
    return { obstacle: 'policies say already what may go out: one more would open what they close' }
  }
  const standing = softerOfOthers(others, wish)
  if (standing.length > 0) return { obstacle: obstacleOf(standing) }
  const answer = await api.ask(writeRequest(wish, { dryRun: 'All' }))
  if (answer.status !== 'ok')
    return { obstacle: answer.status === 'absent' ? `no namespace ${namespace}` : answer.message }
  const open = openings(others, wish)
  return {
    words: [
      only === undefined
        ? `cuts ${workload.pods.length} pods from everything but ${wish.allowed.length} allowed destinations`
        : `cuts ${workload.pods.length} pods from ${named(only)}`,
      ...(workload.orphans.length === 0 ? [] : [`and ${named(workload.orphans)}, which no controller owns`]),
      ...(open.length === 0 ? [] : [`policies that stay open, because policies add up: ${named(open)}`]),
    ].join('; '),
  }
}

export async function holdNetwork(api: KubernetesApi, wish: NetworkWish): Promise<EffectOutcome> {
  const path = pathOf(wish)
  const standing = await api.get(path)
  if (standing !== undefined && holdsOn(standing).get(wish.id)?.key === wish.hold.key) {
    return { status: 'done', detail: `network policy ${policyName(wish.id)} stands already` }
  }
  const obstacles = softerOfOthers(await policiesIn(api, wish.workload.ref.namespace), wish)
  if (obstacles.length > 0) return { status: 'failed', detail: obstacleOf(obstacles) }
  okOf(await api.ask(writeRequest(wish, {})), `PATCH ${path}`)
  const softer = wish.only === undefined ? await removeSofter(api, wish) : []
  const replaced = softer.length === 0 ? '' : `, in the place of ${named(softer)}`
  return { status: 'done', detail: `network policy ${policyName(wish.id)}${replaced}` }
}

export async function releaseNetwork(
  api: KubernetesApi,
  { namespace, id, key }: { readonly namespace: string; readonly id: string; readonly key: string },
): Promise<EffectOutcome> {
  const path = `${policiesPath(namespace)}/${policyName(id)}`
  const standing = await api.get(path)
  if (standing === undefined) return { status: 'done', detail: 'no network policy of this hold stands' }
  const mine = holdsOn(standing).get(id)
  // A mark can be taken away: under our name and without one, the policy is ours still.
  if (mine !== undefined && mine.key !== key) {
    return { status: 'done', detail: `network policy ${policyName(id)}: a later plan holds it` }
  }
  await remove(api, path, standing)
  return { status: 'done', detail: `network policy ${policyName(id)} is gone` }
}

/**
 * Looks at what is in force, over the list of all policies and pods instead of the object that was written. No packet is sent
 * from the pods: whether the network does what policies say is the operator's statement, and each answer says so.
 */
export async function probeNetwork(api: KubernetesApi, wish: NetworkWish): Promise<readonly EffectProbe[]> {
  const { workload, only } = wish
  const policies = await policiesIn(api, workload.ref.namespace)
  const ours = policies.find(({ metadata }) => metadata.name === policyName(wish.id))
  const missed = workload.pods.filter((pod) => ours === undefined || !selectsPod(ours, pod.metadata.labels ?? {}))
  const others = policies.filter(({ metadata }) => metadata.name !== policyName(wish.id))
  return [
    {
      way: 'network policy',
      held: ours !== undefined && missed.length === 0 && isSame(ours, wish),
      detail:
        ours === undefined
          ? 'the policy is not there'
          : missed.length > 0
            ? `it does not select ${named(missed.map(({ metadata }) => metadata.name))}`
            : !isSame(ours, wish)
              ? 'somebody has changed the policy'
              : `it selects all ${workload.pods.length} pods; read from the API, no packet was tried`,
    },
    only === undefined ? probeOpenings(openings(policies, wish)) : probeBeside(others, workload),
  ]
}

function probeOpenings(open: readonly string[]): EffectProbe {
  return {
    way: 'other policies',
    held: open.length === 0,
    detail: open.length === 0 ? 'none of them opens anything' : `open by ${named(open)}: policies add up`,
  }
}

/** Beside a policy that leaves addresses out, another one that speaks of the same traffic opens what either of them names. */
function probeBeside(others: readonly KubeObject[], workload: SelectedWorkload): EffectProbe {
  const beside = others.filter((policy) => isPoliced([policy], labelsOfPods(workload), 'Egress'))
  return {
    way: 'other policies',
    held: beside.length === 0,
    detail:
      beside.length === 0
        ? 'none of them says what may go out'
        : `${named(beside.map(({ metadata }) => metadata.name))} says too what may go out: policies add up`,
  }
}

export function policiesIn(api: KubernetesApi, namespace: string): Promise<readonly KubeObject[]> {
  return api.list(policiesPath(namespace))
}

function openings(policies: readonly KubeObject[], { workload, allowed, only }: NetworkWish): readonly string[] {
  if (only !== undefined) return []
  const podLabels = labelsOfPods(workload)
  const opened = openedBy(policies, { podLabels, allowed, directions: ['Ingress', 'Egress'] })
  return opened.map(({ policy, direction }) => `${policy} (${direction === 'Ingress' ? 'in' : 'out'})`)
}

/** Labels of the pods that are, or of those that its template will make. */
function labelsOfPods({ pods, selector }: SelectedWorkload): readonly Readonly<Record<string, string>>[] {
  return pods.length === 0 ? [selector.matchLabels ?? {}] : pods.map(({ metadata }) => metadata.labels ?? {})
}

/** Holds that cut less of the same pods leave the rest open, and that would add up with this one: those of its own incident go. */
async function removeSofter(api: KubernetesApi, wish: NetworkWish): Promise<readonly string[]> {
  const { namespace } = wish.workload.ref
  const softer = softerOn(await policiesIn(api, namespace), wish).filter((policy) => isOfIncident(policy, wish.hold))
  for (const policy of softer) await remove(api, `${policiesPath(namespace)}/${policy.metadata.name}`, policy)
  return softer.map(({ metadata }) => metadata.name)
}

/** Those of other incidents: one that went away here would be missing when this one is released. */
function softerOfOthers(policies: readonly KubeObject[], wish: NetworkWish): readonly KubeObject[] {
  return softerOn(policies, wish).filter((policy) => !isOfIncident(policy, wish.hold))
}

function softerOn(policies: readonly KubeObject[], { workload, only }: NetworkWish): readonly KubeObject[] {
  if (only !== undefined) return []
  return policies.filter(
    (policy) =>
      policy.metadata.name.startsWith('holdfast-') &&
      [...holdsOn(policy).values()].some(({ deed }) => deed === 'restrict') &&
      labelsOfPods(workload).some((labels) => selectsPod(policy, labels)),
  )
}

function isOfIncident(policy: KubeObject, { incident }: Hold): boolean {
  return [...holdsOn(policy).values()].every((hold) => hold.incident === incident)
}

function obstacleOf(policies: readonly KubeObject[]): string {
  const whose = policies.flatMap((policy) => [...holdsOn(policy).values()].map(({ incident }) => incident))
  return `the restriction of ${named([...new Set(whose)])} on the same pods would leave it open: release that first`
}

async function remove(api: KubernetesApi, path: string, { metadata }: KubeObject): Promise<void> {
  const body = { apiVersion: 'v1', kind: 'DeleteOptions', preconditions: { uid: metadata.uid } }
  const answer = await api.ask({ method: 'DELETE', path, body })
  // Gone meanwhile, or another one of this name stands there by now: this one is gone in both cases.
  if (answer.status !== 'absent' && answer.status !== 'conflict') okOf(answer, `DELETE ${path}`)
}

/** What we would write now, against what stands: an API server adds fields, but changes none of these. */
function isSame(standing: KubeObject, wish: NetworkWish): boolean {
  const wanted = policyOf(policyWishOf(wish)).spec
  const { ingress = [], egress = [], policyTypes, podSelector } = standing.spec ?? {}
  const now = { podSelector, policyTypes, ingress, egress }
  return canonicalJson(now) === canonicalJson({ ingress: [], ...wanted })
}

function writeRequest(wish: NetworkWish, query: Readonly<Record<string, string>>) {
  return {
    method: 'PATCH',
    patch: 'apply',
    path: pathOf(wish),
    query: { fieldManager: 'holdfast', force: 'true', fieldValidation: 'Strict', ...query },
    body: policyOf(policyWishOf(wish)),
  } as const
}

function policyWishOf({ id, hold, workload, allowed, only }: NetworkWish): PolicyWish {
  const { ref, selector } = workload
  return { id, hold, namespace: ref.namespace, selector, allowed, ...(only === undefined ? {} : { only }) }
}

function pathOf({ id, workload }: NetworkWish): string {
  return `${policiesPath(workload.ref.namespace)}/${policyName(id)}`
}
