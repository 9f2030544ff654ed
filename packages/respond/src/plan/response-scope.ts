import type { AgentId } from '@holdfast/model'

/** One agent of an incident, as those who can hold it know it. What is not known is absent, and then nobody offers to act on it. */
export type ScopedAgent = {
  readonly id: AgentId
  readonly name: string
  readonly cluster?: string
  readonly namespace?: string
  /** The Deployment or other controller in that namespace. */
  readonly workload?: string
  readonly pods: readonly string[]
  /** As its own records claim: for people to read, nothing is held by it. */
  readonly nodes: readonly string[]
  readonly images: readonly string[]
}

/** An identity that acted in the incident, spelled as the authority that gave it spells it (an ARN, a service account). */
export type ScopedPrincipal = {
  readonly agent: AgentId
  readonly name: string
  readonly authority: 'aws' | 'kubernetes' | 'gcp' | 'azure' | 'other'
  /** Id of the key or session that was used, where a record gives one. */
  readonly credential?: string
  /** It did what no grant purpose covers; the others were only used. */
  readonly isMisused: boolean
  /** What it did in the incident, as its authority spells the actions and resources. */
  readonly used: readonly { readonly action: string; readonly resource: string }[]
}

export type ScopedTool = {
  readonly agent: AgentId
  readonly tool: string
  /** MCP server that offers it; absent where it is the agent's own. */
  readonly server?: string
  /** Digest of the definition as it was seen last. */
  readonly definition?: string
  readonly isMisused: boolean
}

/** Text that was brought into a context: a document of a corpus, a memory record, a tool description. */
export type ScopedItem = {
  readonly agent: AgentId
  readonly kind: 'document' | 'memory' | 'tool-description' | 'message'
  readonly source: string
  readonly id: string
  readonly version?: string
  readonly digest?: string
  readonly writer?: string
  readonly isTainted: boolean
}

/** A way by which text can get into a context. */
export type ScopedChannel = { readonly agent: AgentId; readonly channel: string; readonly broughtTaint: boolean }

export type ScopedEdge = {
  readonly from: AgentId
  readonly to: AgentId
  readonly verdict: 'tainted' | 'undecided' | 'cleared'
}

/** What an incident reached, by what somebody could take away from it. Captured names throughout: untrusted. */
export type ResponseScope = {
  readonly incident: string
  readonly agents: readonly ScopedAgent[]
  readonly principals: readonly ScopedPrincipal[]
  readonly tools: readonly ScopedTool[]
  readonly items: readonly ScopedItem[]
  readonly channels: readonly ScopedChannel[]
  readonly edges: readonly ScopedEdge[]
  readonly destinations: readonly { readonly agent: AgentId; readonly name: string }[]
}
