import type { PlanStep } from '@holdfast/respond'

import { deedOf } from '../hold.ts'
import type { FieldWish } from './field-hold.ts'
import { heldAt } from './field-hold.ts'
import { addressRange } from './network-policy.ts'
import type { ObjectRef, WorkloadRef } from './refs.ts'
import { parseRef, WORKLOADS } from './refs.ts'
import type { Right } from './rights.ts'

/** What a step comes to in a cluster. */
export type Move =
  | { readonly kind: 'network'; readonly ref: WorkloadRef; readonly only?: readonly string[] }
  | {
      readonly kind: 'field'
      readonly ref: ObjectRef
      readonly field: FieldWish['field']
      readonly value: number | boolean
      /** What runs is ended at once, instead of in its own time. */
      readonly endsPods: boolean
    }

/** The move of a step, or why a cluster has none for it. */
export function moveOf(step: PlanStep): Move | string {
  const ref = parseRef(step.target.name)
  if (ref === undefined) return `"${step.target.name}" names nothing of a cluster`
  const deed = deedOf(step)
  if (ref.resource === 'nodes') {
    return deed === 'cordon-node'
      ? { kind: 'field', ref, field: 'unschedulable', value: true, endsPods: false }
      : `${deed} is nothing that is done to a node`
  }
  const { kind, endsBy, hasRollout } = WORKLOADS[ref.resource]
  switch (deed) {
    case 'soft-quarantine':
    case 'cut-neighbours':
      return { kind: 'network', ref }
    case 'restrict':
      return restriction(ref, step.target.parts ?? [])
    case 'pause':
      return 'Kubernetes cannot freeze a process: a kernel sensor on its node can'
    case 'stop':
    case 'kill':
      return endsBy === undefined
        ? `a ${kind} has no replicas that could be set to none`
        : { kind: 'field', ref, field: endsBy, value: heldAt(endsBy), endsPods: deed === 'kill' }
    case 'hold-image':
      return hasRollout
        ? { kind: 'field', ref, field: 'paused', value: true, endsPods: false }
        : `a rollout of a ${kind} cannot be paused`
    default:
      return `${deed} is nothing that Kubernetes can do`
  }
}

/** What we must be allowed to do for a move, probes and release included. */
export function rightsFor({ ref, ...move }: Move): readonly Right[] {
  const { resource } = ref
  if (resource === 'nodes') return of('', 'nodes', ['get', 'list', 'patch'])
  const { namespace } = ref
  const { group } = WORKLOADS[resource]
  const reading = [
    ...of(group, resource, ['get', 'list'], namespace),
    ...(resource === 'cronjobs' ? of(group, 'jobs', ['get', 'list'], namespace) : []),
    ...of('', 'pods', ['list'], namespace),
    ...(resource === 'deployments' ? of('apps', 'replicasets', ['list'], namespace) : []),
  ]
  if (move.kind === 'network') {
    const writing = ['get', 'list', 'create', 'patch', 'delete'] as const
    return [...reading, ...of('networking.k8s.io', 'networkpolicies', writing, namespace)]
  }
  return [
    ...reading,
    ...of(group, resource, ['patch'], namespace),
    ...(resource === 'cronjobs' ? of(group, 'jobs', ['patch'], namespace) : []),
    ...(move.endsPods ? of('', 'pods', ['delete'], namespace) : []),
  ]
}

function restriction(ref: WorkloadRef, parts: readonly string[]): Move | string {
  const addresses = parts.map(addressRange)
  const only = addresses.filter((address) => address !== undefined)
  if (only.length === 0 || only.length < parts.length) {
    return 'a NetworkPolicy can leave out addresses alone: what fired has names, or nothing is known of it'
  }
  return { kind: 'network', ref, only }
}

function of(group: Right['group'], resource: string, verbs: readonly Right['verb'][], namespace?: string) {
  return verbs.map((verb): Right => ({ verb, group, resource, ...(namespace === undefined ? {} : { namespace }) }))
}
