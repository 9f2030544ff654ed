import {
  componentId,
  hourOf,
  mergeCells,
  decodeCells,
  encodeCells,
  minuteOf,
  withSighting,
  withUnloading,
  type Cell,
  type CellSight,
  type Part,
} from '@holdfast/declare'
import type { EventSummary, Sighting } from '@holdfast/model'
import type { FoldOutput, KeyReader } from '../views/fold.ts'
import { decode, decodePart, encode, newInventoryAgent, type InventoryAgent } from './docs.ts'
import { keys } from './keys.ts'
import { PARTS_PER_AGENT, REFUSALS_PER_AGENT } from './limits.ts'
import type { RefusalDoc } from './refusals.ts'

/** Reads through to the store, writes into memory: the whole batch becomes one durable step. */
export class InventoryBatch {
  readonly #reader: KeyReader
  readonly #agents = new Map<string, InventoryAgent>()
  /** Undefined where a bound leaves the part out. */
  readonly #parts = new Map<string, Part | undefined>()
  readonly #cells = new Map<string, Cell[]>()
  readonly #docs = new Map<string, unknown>()
  readonly #puts = new Map<string, Uint8Array>()

  constructor(reader: KeyReader) {
    this.#reader = reader
  }

  agent(id: string, name: string): InventoryAgent {
    const known = this.#agents.get(id)
    if (known !== undefined) return known
    const bytes = this.#reader.get(keys.agent(id))
    const doc = bytes === undefined ? newInventoryAgent(id, name) : decode<InventoryAgent>(bytes)
    this.#agents.set(id, doc)
    return doc
  }

  addSighting(agent: InventoryAgent, sighting: Sighting): void {
    const id = componentId(sighting.component)
    const part = this.#part(agent, id, (known) => withSighting(known, id, sighting))
    if (part !== undefined && sighting.sight !== 'declared')
      this.#addCell({ agent: agent.id, id, sight: sighting.sight }, sighting)
  }

  addUnloading(agent: InventoryAgent, event: EventSummary, component: Part['component']): void {
    const id = componentId(component)
    const { claimedAt, recordedAt, entry } = event
    const part = this.#part(agent, id, (known) => withUnloading(known, id, { component, claimedAt, entry }))
    if (part !== undefined) this.#addCell({ agent: agent.id, id, sight: 'unloaded' }, { claimedAt, recordedAt, entry })
  }

  put(key: string, bytes: Uint8Array): void {
    this.#puts.set(key, bytes)
  }

  update(key: string, change: (known: unknown) => unknown): void {
    const bytes = this.#docs.has(key) ? undefined : this.#reader.get(key)
    const known = bytes === undefined ? this.#docs.get(key) : decode<unknown>(bytes)
    this.#docs.set(key, change(known))
  }

  /** Past the bound only those that are known are counted on. */
  addRefusal(agent: InventoryAgent, id: string, change: (known: RefusalDoc | undefined) => RefusalDoc): void {
    const key = keys.refusal(agent.id, id)
    const isKnown = this.#docs.has(key) || this.#reader.get(key) !== undefined
    if (!isKnown && agent.refusals >= REFUSALS_PER_AGENT) return
    if (!isKnown) agent.refusals += 1
    this.update(key, (known) => change(known as RefusalDoc | undefined)) // only this function writes below the key
  }

  output(): FoldOutput {
    for (const [id, doc] of this.#agents) this.put(keys.agent(id), encode(doc))
    for (const [key, part] of this.#parts) if (part !== undefined) this.put(key, encode(part))
    for (const [key, doc] of this.#docs) this.put(key, encode(doc))
    for (const [key, cells] of this.#cells) {
      const bytes = this.#reader.get(key)
      this.put(key, encodeCells(mergeCells(bytes === undefined ? [] : decodeCells(bytes), cells)))
    }
    const puts = [...this.#puts].toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    return { puts, deletes: [] }
  }

  #part(agent: InventoryAgent, id: string, change: (known: Part | undefined) => Part): Part | undefined {
    const key = keys.part(agent.id, id)
    if (!this.#parts.has(key)) {
      const bytes = this.#reader.get(key)
      if (bytes !== undefined) this.#parts.set(key, decodePart(bytes))
      else if (agent.parts < PARTS_PER_AGENT) agent.parts += 1
      else {
        agent.partsBeyond += 1
        return undefined
      }
    }
    const part = change(this.#parts.get(key))
    this.#parts.set(key, part)
    return part
  }

  #addCell(
    place: { readonly agent: string; readonly id: string; readonly sight: CellSight },
    { claimedAt, recordedAt, entry }: Pick<Sighting, 'claimedAt' | 'recordedAt' | 'entry'>,
  ): void {
    const key = keys.cells(place.agent, place.id, place.sight, hourOf(claimedAt))
    const cell: Cell = {
      first: claimedAt,
      firstEntry: entry,
      last: claimedAt,
      lastEntry: entry,
      count: 1,
      recordedMinute: minuteOf(recordedAt),
      knownFrom: entry,
    }
    const cells = this.#cells.get(key)
    if (cells === undefined) this.#cells.set(key, [cell])
    else cells.push(cell)
  }
}
