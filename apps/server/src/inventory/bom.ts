import {
  rowsAt,
  type BomRow,
  type Catalogue,
  type Declared,
  type Mark,
  type Part,
  type RecordedChange,
  type Span,
  widest,
  type Stand,
} from '@holdfast/declare'
import type { Component } from '@holdfast/model'
import type { ProjectionStore } from '@holdfast/recorder'
import {
  decode,
  decodePart,
  type CallProfile,
  type CatalogueDoc,
  type ChangeDoc,
  type DocumentDoc,
  type InventoryAgent,
} from './docs.ts'
import { keys } from './keys.ts'
import { CHANGES_READ, PARTS_PER_AGENT, REFUSALS_PER_AGENT } from './limits.ts'
import type { RefusalDoc } from './refusals.ts'
import { Stands, type Instant } from './stands.ts'

/** An agent's bill of materials at an instant, with what it was derived from. */
export type Bom = {
  readonly rows: readonly BomRow[]
  readonly stands: readonly Stand[]
  readonly documents: readonly DocumentInForce[]
}

export type DocumentInForce = {
  readonly format: string
  readonly document: string
  readonly since: Mark
  readonly facts: Readonly<Record<string, string>>
}

/** Reads one agent's part of the inventory. */
export class AgentInventory {
  readonly #store: ProjectionStore
  readonly agent: InventoryAgent

  constructor(store: ProjectionStore, agent: InventoryAgent) {
    this.#store = store
    this.agent = agent
  }

  /** Undefined for an agent that was never heard of. */
  static open(store: ProjectionStore, id: string): AgentInventory | undefined {
    const bytes = store.get(keys.agent(id))
    return bytes === undefined ? undefined : new AgentInventory(store, decode<InventoryAgent>(bytes))
  }

  parts(): readonly Part[] {
    return this.#all(keys.parts(this.agent.id), PARTS_PER_AGENT).map(decodePart)
  }

  at(instant: Instant, parts: readonly Part[] = this.parts()): Bom {
    const reader = new Stands(this.#store, this.agent.id, instant)
    const stands = parts.map((part) => reader.of(part))
    const catalogues = this.catalogues().map(({ server, digest, tools }): Catalogue => {
      return { server, digest, tools: tools.map(({ name }) => name) }
    })
    const { spans, documents } = this.#declared(instant)
    const declared = stands.flatMap((stand): Declared[] => {
      const span = spans.get(stand.part.id)
      return span === undefined ? [] : [{ stand, span }]
    })
    return { rows: rowsAt({ at: instant.at, stands, catalogues, declared }), stands, documents }
  }

  catalogues(): readonly CatalogueDoc[] {
    return this.#all(keys.catalogues(this.agent.id), PARTS_PER_AGENT).map((bytes) => decode<CatalogueDoc>(bytes))
  }

  /** Changes that somebody made and a system recorded, as the log held them by then; the newest of a long history. */
  changes(size: number): readonly RecordedChange[] {
    const rows = this.#store.scan({ prefix: keys.changes(this.agent.id), limit: CHANGES_READ, reverse: true })
    return rows.flatMap(([, bytes]) => {
      const change = decode<ChangeDoc>(bytes)
      return change.entry < size ? [{ ...change, at: BigInt(change.at) }] : []
    })
  }

  /** What our proxies kept from passing, or would have, as the log held it by then. */
  refusals({ at, size }: Instant): readonly RefusalDoc[] {
    return this.#all(keys.refusals(this.agent.id), REFUSALS_PER_AGENT)
      .map((bytes) => decode<RefusalDoc>(bytes))
      .filter(({ first, proof }) => BigInt(first) <= at && (proof[0] ?? 0) < size)
  }

  /** What is known of the calls to a model, over all time. */
  calls(id: string): CallProfile | undefined {
    const bytes = this.#store.get(keys.calls(this.agent.id, id))
    return bytes === undefined ? undefined : decode<CallProfile>(bytes)
  }

  /** Documents in force at an instant, without what runs. */
  documents(instant: Instant): readonly DocumentInForce[] {
    return this.#declared(instant).documents
  }

  /**
   * Documents in force and what they declare, without what runs: an agent may have thousands of parts, and its documents name few.
   */
  declaring(instant: Instant): Pick<Bom, 'documents'> & { readonly components: readonly Component[] } {
    const { spans, documents } = this.#declared(instant)
    const components = [...spans.keys()].flatMap((id) => {
      const bytes = this.#store.get(keys.part(this.agent.id, id))
      return bytes === undefined ? [] : [decodePart(bytes).component]
    })
    return { documents, components }
  }

  /** Of each document the newest version by then; a part is declared from the first version of any that names it. */
  #declared({ at, size }: Instant): {
    readonly spans: ReadonlyMap<string, Span>
    readonly documents: readonly DocumentInForce[]
  } {
    const spans = new Map<string, Span>()
    const documents: DocumentInForce[] = []
    const all = this.#all(keys.documents(this.agent.id), PARTS_PER_AGENT).map((bytes) => decode<DocumentDoc>(bytes))
    for (const { format, document, versions } of all) {
      const known = versions.filter((version) => BigInt(version.at) <= at && version.entry < size)
      const current = known.at(-1)
      if (current === undefined) continue
      const since = { at: BigInt(current.at), entry: current.entry }
      documents.push({ format, document, since, facts: current.facts })
      for (const id of current.parts) {
        const first = known.find(({ parts }) => parts.includes(id)) ?? current
        const own = { first: BigInt(first.at), firstEntry: first.entry, last: since.at, lastEntry: since.entry }
        const before = spans.get(id)
        spans.set(id, before === undefined ? own : widest(before, own))
      }
    }
    return { spans, documents }
  }

  #all(prefix: string, most: number): readonly Uint8Array[] {
    const values: Uint8Array[] = []
    let after: string | undefined
    while (values.length < most) {
      const rows = this.#store.scan({ prefix, limit: 1_000, ...(after === undefined ? {} : { after }) })
      for (const [key, bytes] of rows) {
        values.push(bytes)
        after = key
      }
      if (rows.length < 1_000) break
    }
    return values
  }
}
