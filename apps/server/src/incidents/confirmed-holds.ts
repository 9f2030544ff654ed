import type { LogReader } from '@holdfast/recorder'
import { CONFIRMED_HOLDS_KEPT } from './limits.ts'

type Reader = Pick<LogReader, 'eachControl' | 'size'>
type Hold = { readonly entry: number; readonly agent: string; readonly atMs: number }

/**
 * When probes confirmed holds of agents, read on as the log grows: whoever is asked about one incident after the other reads nothing
 * twice. Of more than are kept nothing is at hand any more, and every question reads the log.
 */
export class ConfirmedHolds {
  readonly #reader: Reader
  readonly #most: number
  #byAgent: Map<string, Hold[]> | undefined = new Map()
  #kept = 0
  #read = 0

  constructor(reader: Reader, { most = CONFIRMED_HOLDS_KEPT }: { readonly most?: number } = {}) {
    this.#reader = reader
    this.#most = most
  }

  /** When the first of any of these agents was confirmed at `fromMs` or later, the first in the log; milliseconds since 1970. */
  firstMs(agents: readonly string[], fromMs: number): number | undefined {
    this.#catchUp()
    const isMeant = ({ agent, atMs }: Hold): boolean => atMs >= fromMs && agents.includes(agent)
    if (this.#byAgent === undefined) return holdsIn(this.#reader).find(isMeant)?.atMs
    const firsts = agents.flatMap((agent) => this.#byAgent?.get(agent)?.find(isMeant) ?? [])
    return firsts.toSorted((a, b) => a.entry - b.entry)[0]?.atMs
  }

  #catchUp(): void {
    const size = this.#reader.size()
    if (this.#byAgent === undefined || size === this.#read) return
    for (const hold of holdsIn(this.#reader, { from: this.#read, to: size })) {
      const holds = this.#byAgent.get(hold.agent)
      if (holds === undefined) this.#byAgent.set(hold.agent, [hold])
      else holds.push(hold)
      this.#kept += 1
      if (this.#kept <= this.#most) continue
      this.#byAgent = undefined
      return
    }
    this.#read = size
  }
}

function* holdsIn(reader: Reader, range: { readonly from?: number; readonly to?: number } = {}): Generator<Hold> {
  for (const { index, recordedAt, record } of reader.eachControl('containment', range))
    if (record.state === 'confirmed')
      yield { entry: index, agent: record.plan.agent, atMs: Number(recordedAt / 1_000_000n) }
}
