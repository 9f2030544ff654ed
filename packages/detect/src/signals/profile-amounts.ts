import { observationsOf } from '@holdfast/observe'
import type { Event, VolumeMeasure } from '@holdfast/model'
import type { KnownProfile } from '../known/case-context.ts'
import type { Departure } from './profile.ts'

/** Executions before a percentile says where the bound is, and how far over it is out of proportion (requirement book, 6.3). */
const LEAST_EXECUTIONS = 20
const BOUND_FACTOR = 1.5
/** That much over the bound says as much as it can. */
const FAR_OVER = 6

type Measured = {
  readonly strength: number
  readonly words: (amount: string) => string
  /** The same of who did it. */
  readonly did: (amount: string) => string
}

/** Records and bytes say more than calls, and calls more than tokens: a long text is no loss. */
const MEASURES: Readonly<Record<VolumeMeasure, Measured>> = {
  rows: { strength: 0.45, words: (amount) => `${amount} records were read`, did: (amount) => `read ${amount} records` },
  'bytes-out': {
    strength: 0.45,
    words: (amount) => `${amount} bytes were sent`,
    did: (amount) => `sent ${amount} bytes`,
  },
  calls: {
    strength: 0.3,
    words: (amount) => `${amount} tool calls were made`,
    did: (amount) => `made ${amount} tool calls`,
  },
  'model-calls': {
    strength: 0.15,
    words: (amount) => `${amount} model calls were made`,
    did: (amount) => `made ${amount} model calls`,
  },
  'input-tokens': {
    strength: 0.1,
    words: (amount) => `${amount} tokens were read`,
    did: (amount) => `read ${amount} tokens`,
  },
  'output-tokens': {
    strength: 0.15,
    words: (amount) => `${amount} tokens were written`,
    did: (amount) => `wrote ${amount} tokens`,
  },
}

/** Executions that took more than 1.5 times what 99 of a hundred take. Events come in order, each once. */
export function amountDepartures(
  events: readonly Event[],
  profileOf: (event: Event) => KnownProfile | undefined,
): readonly Departure[] {
  const executions = new Map<string, Tally>()
  for (const event of events) {
    const teller = `${event.source.tier} ${event.source.credential} ${event.source.channel}`
    for (const observation of observationsOf(event)) {
      if (observation.kind !== 'amount') continue
      const key = `${observation.execution}\n${observation.measure}`
      const tally = executions.get(key) ?? new Tally(observation.measure)
      executions.set(key, tally)
      tally.add(teller, event, observation.amount)
    }
  }
  return [...executions.values()].flatMap((tally) => {
    const profile = profileOf(tally.first)
    const bound = profile?.bounds.get(tally.measure)
    if (bound === undefined || bound.executions < LEAST_EXECUTIONS) return []
    const most = tally.most()
    const times = most / Math.max(1, bound.p99)
    if (times <= BOUND_FACTOR) return []
    const { strength, words, did } = MEASURES[tally.measure]
    // At the bound two thirds of the weight, far over it a fifth more than all of it.
    const share = Math.min(1, Math.log(times / BOUND_FACTOR) / Math.log(FAR_OVER))
    const usual = `99 of a hundred of ${bound.executions} executions took at most ${bound.p99.toLocaleString('en')}`
    return [
      {
        group: 'amount' as const,
        detector: `profile/out-of-proportion-${tally.measure}`,
        key: '',
        strength: Math.round(strength * (0.67 + 0.53 * share) * 100) / 100,
        speaksFor: 'privilege-boundary-escape' as const,
        surface: 'S2' as const,
        words: `${words(Math.round(most).toLocaleString('en'))} in one execution, where ${usual}`,
        title: () => `${did(Math.round(most).toLocaleString('en'))} in one execution`,
        event: tally.largest,
        explained: { kind: 'reach' as const, names: tally.names() },
      },
    ]
  })
}

/** One measure of one execution, by who tells of it: two tellers of the same calls are not twice as many calls. */
class Tally {
  readonly measure: VolumeMeasure
  readonly #sums = new Map<string, number>()
  readonly #tools = new Set<string>()
  #first: Event | undefined
  #largest: { readonly event: Event; readonly amount: number } | undefined

  constructor(measure: VolumeMeasure) {
    this.measure = measure
  }

  add(teller: string, event: Event, amount: number): void {
    this.#first ??= event
    this.#sums.set(teller, (this.#sums.get(teller) ?? 0) + amount)
    if (this.#largest === undefined || amount > this.#largest.amount) this.#largest = { event, amount }
    if ('toolName' in event.body && event.body.toolName !== undefined) this.#tools.add(event.body.toolName)
  }

  get first(): Event {
    if (this.#first === undefined) throw new Error('a tally begins with an amount')
    return this.#first
  }

  get largest(): Event {
    return this.#largest?.event ?? this.first
  }

  most(): number {
    return Math.max(...this.#sums.values())
  }

  names(): readonly string[] {
    return [...this.#tools]
  }
}
