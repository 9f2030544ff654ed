import type { UnixNano } from './time.ts'
import type { TrustTier } from './trust.ts'

/** What an agent is made of. A hosted model is known by its call envelope; nothing here speaks of weights. */
export const COMPONENT_KINDS = [
  'model',
  'adapter',
  'prompt-template',
  'data-source',
  'memory-store',
  'mcp-server',
  'tool',
  'skill',
  'delegate',
  'runtime',
  'framework',
  'package',
  'image',
  'endpoint',
  'identity',
] as const

export type ComponentKind = (typeof COMPONENT_KINDS)[number]

/** The five categories of the AI-BOM. */
export type BomCategory = 'models' | 'data-sources' | 'tools-and-integrations' | 'infrastructure' | 'identities'

/** The category that a kind of component is listed under. */
export const BOM_CATEGORY: Readonly<Record<ComponentKind, BomCategory>> = {
  model: 'models',
  adapter: 'models',
  'prompt-template': 'models',
  'data-source': 'data-sources',
  'memory-store': 'data-sources',
  'mcp-server': 'tools-and-integrations',
  tool: 'tools-and-integrations',
  skill: 'tools-and-integrations',
  delegate: 'tools-and-integrations',
  runtime: 'infrastructure',
  framework: 'infrastructure',
  package: 'infrastructure',
  image: 'infrastructure',
  endpoint: 'infrastructure',
  identity: 'identities',
}

/** One part of an agent. All texts are captured: untrusted, at most 512 characters each. */
export type Component = {
  readonly kind: ComponentKind
  readonly name: string
  /** Version as loaded or stated: `1.4.2`, a model's dated id, a template's number. */
  readonly version?: string
  /** SHA-256 in lowercase hex of what is canonical for the kind: a tool's definition (JCS), a template's text, a file. */
  readonly digest?: string
  /**
   * The place that only one component fills at a time, where there is one: `model`, `prompt-template:<member>`,
   * `tool:<server>/<name>`. A later sighting of another component in the slot ends the one before. Absent: it stays.
   */
  readonly slot?: string
  /** Facts of the kind, by short names: `provider`, `endpoint`, `server`, `loader`, `transport`. */
  readonly details: Readonly<Record<string, string>>
}

/** How a component came to be known: somebody wrote it down, the process loaded it, or a call went to it. */
export type Sight = 'declared' | 'loaded' | 'called'

/** One sighting of a component; what the inventory is folded from. */
export type Sighting = {
  readonly component: Component
  readonly sight: Sight
  readonly claimedAt: UnixNano
  readonly recordedAt: UnixNano
  /** Index of the log entry that proves it. */
  readonly entry: number
  readonly tier: TrustTier
}
