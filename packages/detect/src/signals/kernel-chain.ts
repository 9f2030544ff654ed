import type { Event } from '@holdfast/model'
import type { Finding } from './findings.ts'

/** Stages of an escape in the order in which one agent goes through them (template T4). */
export const STAGES = ['generated-code', 'secret', 'boundary', 'outbound'] as const

export type Stage = (typeof STAGES)[number]

const WORDS: Readonly<Record<Stage, string>> = {
  'generated-code': 'ran code that it had written',
  secret: 'read a credential',
  boundary: 'reached past its own container',
  outbound: 'connected out to an address not used before',
}

/**
 * How far one process tree has come, stage by stage. Only order counts, not the time between: a stage is reached by the
 * first act of its kind after the stage before, and a stage that was skipped may come no more.
 */
export class EscapeChain {
  readonly #reached = new Map<Stage, Event>()
  /** Where the tree connected before it did anything else of note. */
  readonly #usual = new Set<string>()

  note(stage: Exclude<Stage, 'outbound'>, event: Event): void {
    if (this.#reached.has(stage) || this.#isPast(stage)) return
    this.#reached.set(stage, event)
  }

  connected(address: string, event: Event): void {
    if (!this.#reached.has('secret') && !this.#reached.has('boundary')) this.#usual.add(address)
    else if (!this.#usual.has(address) && !this.#reached.has('outbound')) this.#reached.set('outbound', event)
  }

  /** Undefined while less than a credential or a boundary, and what it was used for, is there. */
  finding(): { readonly finding: Finding; readonly events: readonly Event[] } | undefined {
    const stages = STAGES.filter((stage) => this.#reached.has(stage))
    const hasBoundary = this.#reached.has('boundary')
    const hasOutbound = this.#reached.has('outbound')
    const isChain = hasBoundary ? stages.length >= 2 : this.#reached.has('secret') && hasOutbound
    if (!isChain) return undefined
    // A script that an agent wrote and that signs in somewhere is its work, until a boundary is passed.
    const strength = hasBoundary ? ([0, 0, 0.7, 0.8, 0.95][stages.length] ?? 0.95) : stages.length === 3 ? 0.45 : 0.35
    return {
      finding: {
        detector: 'kernel/escape-chain',
        key: 'T4',
        strength,
        surface: 'S2',
        speaksFor: 'runtime-execution-escape',
        words: `one process tree ${stages.map((stage) => WORDS[stage]).join(', then ')}`,
      },
      events: stages.flatMap((stage) => this.#reached.get(stage) ?? []),
    }
  }

  #isPast(stage: Stage): boolean {
    return STAGES.slice(STAGES.indexOf(stage) + 1).some((later) => this.#reached.has(later))
  }
}
