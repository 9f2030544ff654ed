import type {
  Decision,
  EffectOutcome,
  EffectPreview,
  EffectProbe,
  Offer,
  PlanStep,
  ResponseScope,
} from '@holdfast/respond'

import type { ConnectorCheck, ConnectorClock, ResponseConnector, SweptHold } from '../connector.ts'
import { holdIdOf, holdOf } from '../hold.ts'
import { offerOf } from '../offer.ts'
import { settled } from '../settle.ts'
import { KubernetesApi } from './api.ts'
import type { KubernetesAccess } from './access.ts'
import { checkCluster } from './check.ts'
import type { KubernetesConfig } from './config.ts'
import { probeField } from './field-probe.ts'
import { holdField, rehearseField, releaseField } from './field-hold.ts'
import { LONGEST_HOLD_MS, SETTLE_EVERY_MS, SETTLE_MS } from './limits.ts'
import type { Move } from './moves.ts'
import { moveOf, rightsFor } from './moves.ts'
import { holdNetwork, policiesIn, probeNetwork, rehearseNetwork, releaseNetwork } from './network-hold.ts'
import type { Allowed } from './network-policy.ts'
import { policyName, selectsPod } from './network-policy.ts'
import { stateOf } from './objects.ts'
import { wantedOf } from './offers.ts'
import { endPods } from './pods.ts'
import { policiesBeside, type PoliciesBeside } from './policies-beside.ts'
import { objectPath, refText } from './refs.ts'
import { missingRights } from './rights.ts'
import { holdCronJob, isOfCronJob, rehearseCronJob, releaseCronJob } from './suspend-hold.ts'
import { sweepCluster } from './sweep.ts'
import type { SelectedWorkload, Workload } from './workload.ts'
import { readWorkload, selected, unfinished } from './workload.ts'

export type KubernetesOptions = {
  readonly config: KubernetesConfig
  readonly access: KubernetesAccess
  readonly clock: ConnectorClock
  /** How long one answer of the API server may take. */
  readonly answerMs?: number
}

/** Fields of a spec that say how much runs and not what: they change while the target stays what it is. */
const UNCOUNTED = ['replicas', 'suspend', 'paused', 'unschedulable', 'taints']

/**
 * Holds workloads of one cluster: network cut by a deny-all policy, none of it running, node cordoned, rollout paused.
 * Everything carries incident and expiry, and can be taken back by what stands on the objects alone.
 */
export class KubernetesResponder implements ResponseConnector {
  readonly system = 'kubernetes'
  readonly name: string
  readonly reaches: string
  readonly #config: KubernetesConfig
  readonly #api: KubernetesApi
  readonly #clock: ConnectorClock
  readonly #allowed: readonly Allowed[]

  constructor({ config, access, clock, answerMs }: KubernetesOptions) {
    this.name = `kubernetes:${config.name}`
    this.reaches = `cluster ${config.cluster} at ${access.url}`
    this.#config = config
    this.#clock = clock
    this.#api = new KubernetesApi(access, answerMs === undefined ? {} : { answerMs })
    this.#allowed = config['allowed-egress'].map((one) => ({
      ports: one.ports,
      ...(one.cidr === undefined ? {} : { cidr: one.cidr }),
      ...(one['namespace-labels'] === undefined ? {} : { namespaceLabels: one['namespace-labels'] }),
      ...(one['pod-labels'] === undefined ? {} : { podLabels: one['pod-labels'] }),
    }))
  }

  async offers(scope: ResponseScope, decision: Decision): Promise<readonly Offer[]> {
    const { cluster, namespaces } = this.#config
    const wanted = await wantedOf(this.#api, { scope, decision, cluster, namespaces })
    const offers = await Promise.all(wanted.map((one) => offerOf(this, one, { scope, decision })))
    return offers.flat()
  }

  /** What stands in the cluster beside a policy of an agent; undefined for one of another cluster or of none. */
  async policiesOf(agent: string): Promise<PoliciesBeside | undefined> {
    const [, cluster, namespace, workload] = /^k8s:([^/]+)\/([^/]+)\/([^/]+)$/.exec(agent) ?? []
    if (cluster !== this.#config.cluster || namespace === undefined || workload === undefined) return undefined
    return await policiesBeside(this.#api, { namespace, workload })
  }

  async plan(step: PlanStep): Promise<EffectPreview> {
    const move = moveOf(step)
    if (typeof move === 'string') return impossible(move)
    const outside = this.#outside(move)
    if (outside !== undefined) return impossible(outside)
    const missing = await missingRights(this.#api, rightsFor(move))
    if (missing.length > 0) {
      return impossible(`we may not ${missing.join(', ')}: deploy/kubernetes/response-rbac.yaml lists what is needed`)
    }
    const seen = await this.#look(step, move)
    if (typeof seen === 'string') return impossible(seen)
    const rehearsed = await this.#rehearse(step, move, seen)
    return 'obstacle' in rehearsed
      ? impossible(rehearsed.obstacle)
      : { status: 'possible', state: seen.state, words: rehearsed.words }
  }

  async apply(step: PlanStep, key: string): Promise<EffectOutcome> {
    const move = moveOf(step)
    if (typeof move === 'string') return failed(move)
    const outside = this.#outside(move)
    if (outside !== undefined) return failed(outside)
    const marked = this.#marked(step, key)
    if (move.kind === 'network') {
      const workload = await this.#selected(move)
      if (typeof workload === 'string') return failed(workload)
      return holdNetwork(this.#api, { ...this.#networkWish(move, workload), ...marked })
    }
    const wish = { ...move, ...marked }
    const outcome = await (isOfCronJob(wish) ? holdCronJob(this.#api, wish) : holdField(this.#api, wish))
    if (outcome.status === 'failed' || !move.endsPods || move.ref.resource === 'nodes') return outcome
    return { status: 'done', detail: `${outcome.detail}; ${await endPods(this.#api, move.ref)}` }
  }

  probe(step: PlanStep): Promise<readonly EffectProbe[]> {
    const move = moveOf(step)
    if (typeof move === 'string') return Promise.resolve([{ way: 'step', held: false, detail: move }])
    return settled(() => this.#tryOnce(step, move), {
      clock: this.#clock,
      deadlineMs: SETTLE_MS,
      everyMs: SETTLE_EVERY_MS,
    })
  }

  async revert(step: PlanStep, key: string): Promise<EffectOutcome> {
    const move = moveOf(step)
    // What has no move was never applied.
    if (typeof move === 'string') return { status: 'done', detail: move }
    const marked = this.#marked(step, key)
    if (move.kind === 'field') {
      const wish = { ...move, ...marked }
      return isOfCronJob(wish) ? releaseCronJob(this.#api, wish) : releaseField(this.#api, wish)
    }
    return releaseNetwork(this.#api, { namespace: move.ref.namespace, id: marked.id, key })
  }

  check(): Promise<readonly ConnectorCheck[]> {
    return checkCluster(this.#api, this.#config)
  }

  sweep(before: Parameters<ResponseConnector['sweep']>[0]): Promise<readonly SweptHold[]> {
    return sweepCluster(this.#api, { namespaces: this.#config.namespaces, now: this.#clock.now(), before })
  }

  /** Why a step is not for this connector, however it came here. */
  #outside(move: Move): string | undefined {
    const { namespaces } = this.#config
    if (move.ref.resource !== 'nodes' && namespaces !== undefined && !namespaces.includes(move.ref.namespace)) {
      return `${move.ref.namespace} is no namespace of this connector`
    }
    return move.kind === 'network' && !this.#config['enforces-network-policies']
      ? 'nobody has said that the network of this cluster does what NetworkPolicies say: enforces-network-policies'
      : undefined
  }

  async #look(step: PlanStep, move: Move): Promise<{ readonly state: string; readonly workload?: Workload } | string> {
    if (move.ref.resource === 'nodes') {
      const node = await this.#api.get(objectPath(move.ref))
      return node === undefined ? `${refText(move.ref)} is not there` : { state: stateOf(node, UNCOUNTED) }
    }
    const workload = await readWorkload(this.#api, move.ref)
    if (typeof workload === 'string') return workload
    if (move.kind === 'field') return { state: stateOf(workload.object, UNCOUNTED), workload }
    const mine = policyName(holdIdOf(step))
    const around = (await policiesIn(this.#api, move.ref.namespace))
      .filter((policy) => policy.metadata.name !== mine)
      .filter((policy) => workload.pods.some(({ metadata }) => selectsPod(policy, metadata.labels ?? {})))
      .map((policy) => stateOf(policy, []))
    return { state: stateOf(workload.object, UNCOUNTED, around.toSorted()), workload }
  }

  async #rehearse(
    step: PlanStep,
    move: Move,
    { workload }: { readonly workload?: Workload },
  ): Promise<{ readonly obstacle: string } | { readonly words: string }> {
    const marked = this.#marked(step, 'rehearsal')
    if (move.kind === 'network') {
      if (workload === undefined) return { obstacle: 'it has no pods' }
      const able = selected(workload)
      if (typeof able === 'string') return { obstacle: able }
      return rehearseNetwork(this.#api, { ...this.#networkWish(move, able), ...marked })
    }
    if (move.ref.resource === 'jobs' && workload !== undefined && unfinished([workload.object]).length === 0) {
      return { obstacle: `${refText(move.ref)} is over: nothing of it goes on` }
    }
    const object = await this.#api.get(objectPath(move.ref))
    if (object === undefined) return { obstacle: `${refText(move.ref)} is not there` }
    const wish = { ...move, ...marked }
    const obstacle = await (isOfCronJob(wish)
      ? rehearseCronJob(this.#api, wish, object)
      : rehearseField(this.#api, wish, object))
    return obstacle === undefined ? { words: wordsOfField(move, workload) } : { obstacle }
  }

  async #tryOnce(step: PlanStep, move: Move): Promise<readonly EffectProbe[]> {
    if (move.kind === 'field') return probeField(this.#api, move)
    const workload = await this.#selected(move)
    if (typeof workload === 'string') return [{ way: 'workload', held: false, detail: workload }]
    return probeNetwork(this.#api, { ...this.#networkWish(move, workload), ...this.#marked(step, '') })
  }

  async #selected(move: Extract<Move, { kind: 'network' }>): Promise<SelectedWorkload | string> {
    const workload = await readWorkload(this.#api, move.ref)
    return typeof workload === 'string' ? workload : selected(workload)
  }

  #networkWish(move: Extract<Move, { kind: 'network' }>, workload: SelectedWorkload) {
    return { workload, allowed: this.#allowed, ...(move.only === undefined ? {} : { only: move.only }) }
  }

  #marked(step: PlanStep, key: string) {
    const forMs = step.ttlMs === 0 ? LONGEST_HOLD_MS : step.ttlMs
    return { id: holdIdOf(step), hold: holdOf(step, key, this.#clock.now() + forMs) }
  }
}

function wordsOfField(move: Extract<Move, { kind: 'field' }>, workload: Workload | undefined): string {
  const pods = workload?.pods.length ?? 0
  const ends = `${move.endsPods ? ' and ends' : ', which ends'} its ${pods} pods${move.endsPods ? ' at once' : ' in their own time'}`
  switch (move.field) {
    case 'replicas':
      return `scales ${refText(move.ref)} to none${ends}`
    case 'suspend': {
      const jobs = workload?.ref.resource === 'cronjobs' ? ` and ${workload.jobs.length} Jobs of it` : ''
      return `suspends ${refText(move.ref)}${jobs}${ends}; a Job that is released begins anew`
    }
    case 'paused':
      return `pauses the rollout of ${refText(move.ref)}: a new image is not taken; a pod that is made anew still pulls the old tag`
    case 'unschedulable':
      return `no new pod comes to ${refText(move.ref)}; those on it go on`
  }
}

function impossible(reason: string): EffectPreview {
  return { status: 'impossible', reason }
}

function failed(detail: string): EffectOutcome {
  return { status: 'failed', detail }
}
