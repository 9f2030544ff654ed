/** NetworkPolicy `networking.k8s.io/v1`, as far as policies here use it. */
export type NetworkPolicy = {
  readonly apiVersion: 'networking.k8s.io/v1'
  readonly kind: 'NetworkPolicy'
  readonly metadata: PolicyMetadata
  readonly spec: {
    readonly podSelector: LabelSelector
    readonly policyTypes: readonly ['Egress']
    readonly egress: readonly NetworkPolicyEgress[]
  }
}

export type NetworkPolicyEgress = {
  readonly to: readonly NetworkPolicyPeer[]
  /** Absent: all ports. */
  readonly ports?: readonly { readonly protocol: 'TCP' | 'UDP'; readonly port: number }[]
}

export type NetworkPolicyPeer =
  | { readonly ipBlock: { readonly cidr: string } }
  | { readonly namespaceSelector: LabelSelector; readonly podSelector?: LabelSelector }

export type LabelSelector = { readonly matchLabels: Readonly<Record<string, string>> }

/** CiliumNetworkPolicy `cilium.io/v2`, as far as policies here use it. */
export type CiliumNetworkPolicy = {
  readonly apiVersion: 'cilium.io/v2'
  readonly kind: 'CiliumNetworkPolicy'
  readonly metadata: PolicyMetadata
  readonly spec: {
    readonly description: string
    readonly endpointSelector: LabelSelector
    readonly egress: readonly CiliumEgress[]
  }
}

/** One rule names peers in one way only; a rule without peers lets through to everybody. */
export type CiliumEgress = {
  readonly toEndpoints?: readonly LabelSelector[]
  readonly toCIDR?: readonly string[]
  readonly toFQDNs?: readonly ({ readonly matchName: string } | { readonly matchPattern: string })[]
  readonly toServices?: readonly {
    readonly k8sService: { readonly serviceName: string; readonly namespace: string }
  }[]
  readonly toPorts?: readonly {
    readonly ports: readonly { readonly port: string; readonly protocol: 'TCP' | 'UDP' | 'ANY' }[]
    readonly rules?: { readonly dns: readonly { readonly matchPattern: string }[] }
  }[]
}

export type PolicyMetadata = {
  readonly name: string
  readonly namespace: string
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
}
