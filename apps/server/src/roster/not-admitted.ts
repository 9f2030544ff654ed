import type { RosterRecord } from '@holdfast/declare'
import { NOT_ADMITTED_SHOWN } from './limits.ts'

/** Starts under one name that the roster did not admit. */
export type NotAdmitted = {
  readonly agent: string
  /** Who bore the name of another is told apart from who lacks a key or has another version. */
  readonly kind: 'impersonation' | 'not-admitted'
  /** When the first was, RFC 3339. */
  readonly since: string
  readonly times: number
  /** Of the newest. */
  readonly outcome: 'refused' | 'reported'
  readonly reasons: readonly string[]
  /** Log positions of the newest {@link NOT_ADMITTED_SHOWN}, the oldest first. */
  readonly entries: readonly number[]
}

type ByKind = { readonly [Kind in NotAdmitted['kind']]?: NotAdmitted }

/** Starts that were not admitted, counted by name: whoever asks makes one, so single ones are not kept. */
export class NotAdmittedStarts {
  readonly #byAgent = new Map<string, ByKind>()

  constructor(records: Iterable<RosterRecord> = []) {
    for (const record of records) this.add(record)
  }

  /** How many names there are. */
  get names(): number {
    return this.#byAgent.size
  }

  /** To be called in the order of the log; other decisions are none of it. */
  add({ decision, at, entry }: RosterRecord): void {
    if (decision.do !== 'not-admitted') return
    const { agent, outcome, reasons, fault } = decision
    const kind = fault === 'impersonation' ? fault : 'not-admitted'
    const known = this.#byAgent.get(agent) ?? {}
    const { since = at, times = 0, entries = [] } = known[kind] ?? {}
    const newest = [...entries, entry].slice(-NOT_ADMITTED_SHOWN)
    this.#byAgent.set(agent, {
      ...known,
      [kind]: { agent, kind, since, times: times + 1, outcome, reasons, entries: newest },
    })
  }

  /** Of one name; who bore the name of another first. */
  of(agent: string): readonly NotAdmitted[] {
    const { impersonation, 'not-admitted': others } = this.#byAgent.get(agent) ?? {}
    return [...(impersonation === undefined ? [] : [impersonation]), ...(others === undefined ? [] : [others])]
  }

  /** Of every name, by when it was met first. */
  all(): readonly NotAdmitted[] {
    return [...this.#byAgent.keys()].flatMap((agent) => this.of(agent))
  }
}
