import { isIP } from 'node:net'

import { canonicalJson } from '@holdfast/model'

import type { Hold } from '../hold.ts'
import { annotationsOf, EXPIRES_ANNOTATION, labelsOf } from './marks.ts'
import type { KubeObject, LabelSelector } from './objects.ts'
import { selectorOf, selects } from './objects.ts'

/** Somewhere that a held workload may still speak to: the collector, a resolver. */
export type Allowed = {
  /** Address range; the pods that the selectors name where it is absent. */
  readonly cidr?: string
  readonly namespaceLabels?: Readonly<Record<string, string>>
  readonly podLabels?: Readonly<Record<string, string>>
  readonly ports: readonly { readonly port: number; readonly protocol: 'TCP' | 'UDP' }[]
}

export type PolicyWish = {
  readonly id: string
  readonly hold: Hold
  readonly namespace: string
  readonly selector: LabelSelector
  readonly allowed: readonly Allowed[]
  /** Addresses that alone are cut; without them everything is. */
  readonly only?: readonly string[]
}

/**
 * A NetworkPolicy that cuts what its selector selects. With `only` everything but those addresses stays open: right only
 * where no other policy speaks of outgoing traffic, because policies add up.
 */
export function policyOf({ id, hold, namespace, selector, allowed, only }: PolicyWish) {
  const named = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: {
      name: policyName(id),
      namespace,
      labels: labelsOf(hold),
      annotations: { [EXPIRES_ANNOTATION]: hold.expires, ...annotationsOf(id, hold) },
    },
  }
  if (only !== undefined) {
    return { ...named, spec: { podSelector: selector, policyTypes: ['Egress'], egress: [{ to: allBut(only) }] } }
  }
  return {
    ...named,
    spec: { podSelector: selector, policyTypes: ['Ingress', 'Egress'], ingress: [], egress: allowed.map(ruleOf) },
  }
}

export function policyName(id: string): string {
  return `holdfast-${id}`
}

/**
 * What policies leave open for these pods beyond what is allowed; empty where a cut is the last word. Labels of ours on a policy
 * count for nothing here: anybody can write them.
 */
export function openedBy(
  policies: readonly KubeObject[],
  {
    podLabels,
    allowed,
    directions,
  }: {
    readonly podLabels: readonly Readonly<Record<string, string>>[]
    readonly allowed: readonly Allowed[]
    readonly directions: readonly ('Ingress' | 'Egress')[]
  },
): readonly { readonly policy: string; readonly direction: 'Ingress' | 'Egress' }[] {
  const ours = new Set(allowed.map((one) => canonicalJson(ruleOf(one))))
  return policies
    .filter((policy) => podLabels.some((labels) => selectsPod(policy, labels)))
    .flatMap((policy) =>
      directions
        .filter((direction) => rulesOf(policy, direction).some((rule) => !ours.has(canonicalJson(rule))))
        .map((direction) => ({ policy: policy.metadata.name, direction })),
    )
}

/** True where a policy speaks of this direction for these pods: from then on only what policies name is open. */
export function isPoliced(
  policies: readonly KubeObject[],
  podLabels: readonly Readonly<Record<string, string>>[],
  direction: 'Ingress' | 'Egress',
): boolean {
  return policies.some(
    (policy) => typesOf(policy).includes(direction) && podLabels.some((labels) => selectsPod(policy, labels)),
  )
}

export function selectsPod({ spec = {} }: KubeObject, labels: Readonly<Record<string, string>>): boolean {
  // A policy without a selector that we can read is taken as one that selects: what is not known is the worse.
  const selector = selectorOf(spec['podSelector'])
  return selector === undefined || selects(selector, labels)
}

/** As a policy spells an address; undefined for what is none: a policy knows no names. */
export function addressRange(text: string): string | undefined {
  const [address = '', length, ...rest] = text.split('/')
  const family = isIP(address)
  const most = family === 4 ? 32 : 128
  if (family === 0 || rest.length > 0) return undefined
  if (length === undefined) return `${address}/${most}`
  return /^\d{1,3}$/.test(length) && Number(length) <= most ? text : undefined
}

function typesOf({ spec = {} }: KubeObject): readonly string[] {
  const types = spec['policyTypes']
  if (Array.isArray(types)) return types.map(String)
  return spec['egress'] === undefined ? ['Ingress'] : ['Ingress', 'Egress']
}

function rulesOf(policy: KubeObject, direction: 'Ingress' | 'Egress'): readonly unknown[] {
  const rules = policy.spec?.[direction === 'Ingress' ? 'ingress' : 'egress']
  return typesOf(policy).includes(direction) && Array.isArray(rules) ? rules : []
}

function ruleOf({ cidr, namespaceLabels, podLabels, ports }: Allowed) {
  const peer =
    cidr !== undefined
      ? { ipBlock: { cidr } }
      : {
          ...(namespaceLabels === undefined ? {} : { namespaceSelector: { matchLabels: namespaceLabels } }),
          ...(podLabels === undefined ? {} : { podSelector: { matchLabels: podLabels } }),
        }
  return { to: [peer], ports: ports.map(({ port, protocol }) => ({ port, protocol })) }
}

function allBut(addresses: readonly string[]) {
  const of = (family: 4 | 6) => addresses.filter((each) => isIP(each.split('/')[0] ?? '') === family)
  const block = (cidr: string, except: readonly string[]) => ({
    ipBlock: except.length === 0 ? { cidr } : { cidr, except },
  })
  return [block('0.0.0.0/0', of(4)), block('::/0', of(6)), { namespaceSelector: {} }]
}
