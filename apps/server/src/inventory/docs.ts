import type { Acts, Part, RecordedChange, Span } from '@holdfast/declare'

/** What the inventory keeps of one agent beside its parts. Times are decimal nanoseconds, as on any wire. */
export type InventoryAgent = {
  readonly id: string
  name: string
  /** Parts that are kept, and those that a bound left out. */
  parts: number
  partsBeyond: number
  modelCalls: number
  replies: number
  documents: number
  delegations: number
  /** Agents inside of it that it names itself, sorted: what passes between them is no hand-over. */
  members: readonly string[]
  /** Kinds of refusal that are kept. */
  refusals: number
  programs: number
  tools: Record<string, number>
  /** Roles that it was seen in (DEC-12): it serves tools; it calls a model. */
  aiServer: boolean
  aiClient: boolean
  /** True once it sent telemetry of its own. */
  isTelling: boolean
  /** True once a document or an operator spoke of it. */
  isDeclared: boolean
  /** First sign of a model call, and the entry that shows it. */
  client: { at: string; entry: number } | null
  /** Of an application of a directory: what its audit log says was done to it. */
  directory?: DirectoryDoc
  /** What an operator states, by field: the last word in log order. */
  statements: Record<string, { value: string; reason: string; by: string; entry: number }>
}

/** The last word on each, by claimed time; `is`: it stands. Names are untrusted. */
export type DirectoryDoc = {
  added: Word | null
  owners: Record<string, Word>
  permissions: Record<string, Word>
}

export type Word = { readonly is: boolean; readonly at: string; readonly entry: number }

export function newInventoryAgent(id: string, name: string): InventoryAgent {
  return {
    id,
    name,
    parts: 0,
    partsBeyond: 0,
    modelCalls: 0,
    replies: 0,
    documents: 0,
    delegations: 0,
    members: [],
    refusals: 0,
    programs: 0,
    tools: {},
    aiServer: false,
    aiClient: false,
    isTelling: false,
    isDeclared: false,
    client: null,
    statements: {},
  }
}

export function actsOf({ modelCalls, replies, documents, delegations, programs, tools }: InventoryAgent): Acts {
  return { modelCalls, replies, documents, delegations, programs, tools }
}

/** A whole list of tools; `announced` is of the first time it was seen. */
export type CatalogueDoc = {
  readonly server: string
  readonly digest: string
  readonly tools: readonly { readonly name: string; readonly definition: string }[]
  readonly first: string
  readonly entry: number
  readonly announced: boolean
}

/** A document that declares an agent, in all its versions, by claimed time. */
export type DocumentDoc = {
  readonly format: string
  readonly document: string
  readonly versions: readonly {
    readonly at: string
    readonly entry: number
    readonly parts: readonly string[]
    readonly facts: Readonly<Record<string, string>>
  }[]
}

export type IdentityDoc = {
  readonly identity: string
  readonly agent: string
  readonly kind: string
  readonly uses: readonly string[]
  /** Of those, the uses under each session's name, where the authority says one. */
  readonly sessions: Readonly<Record<string, readonly string[]>>
  /** True where an authority's own log tells it: the agent is then the identity itself, and not who acted. */
  readonly isAuthority: boolean
  readonly calls: number
  readonly proof: readonly number[]
}

/** What is known of the calls to one hosted model. */
export type CallProfile = {
  readonly calls: number
  readonly errors: number
  readonly inputTokens: number
  readonly outputTokens: number
  readonly finishReasons: Readonly<Record<string, number>>
}

export type ChangeDoc = Omit<RecordedChange, 'at'> & { readonly at: string }

/** As bytes: JSON with times as decimal text, and fields in the order of their names, so that equal states are equal bytes. */
export function encode(doc: unknown): Uint8Array {
  return Buffer.from(
    JSON.stringify(doc, (_key, value: unknown) => {
      if (typeof value === 'bigint') return value.toString()
      if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
      return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
    }),
  )
}

/** What {@link encode} wrote: the caller knows of which kind a key's value is. */
export function decode<T>(bytes: Uint8Array): T {
  return JSON.parse(Buffer.from(bytes).toString()) as T
}

type Texts<T> = T extends bigint ? string : T extends object ? { readonly [K in keyof T]: Texts<T[K]> } : T

export function decodePart(bytes: Uint8Array): Part {
  const { sights, unloaded, ...part } = decode<Texts<Part>>(bytes)
  const counted = (span: Texts<Span & { readonly count: number }>) => ({
    ...span,
    first: BigInt(span.first),
    last: BigInt(span.last),
  })
  return {
    ...part,
    sights: Object.fromEntries(Object.entries(sights).map(([sight, span]) => [sight, counted(span)])),
    ...(unloaded === undefined ? {} : { unloaded: counted(unloaded) }),
  }
}
