import type { MadePlan } from '@holdfast/respond'

/** A reason, and all that it stands against. */
export type Impossible = { readonly why: string; readonly what: readonly string[] }

/**
 * What cannot be done, by reason. What stands against one thing says more of it than what stands against twelve, and comes first:
 * that an agent has ended comes before all the steps that nobody is connected for.
 */
export function byReason(left: MadePlan['left']): readonly Impossible[] {
  return [...Map.groupBy(left, ({ why }) => why)]
    .map(([why, of]) => ({ why, what: [...new Set(of.map(({ what }) => what))] }))
    .toSorted((a, b) => a.what.length - b.what.length)
}

/** The same as lines that a person reads: a reason and, where it stands against several, each of them below it. */
export function impossibleLines(impossible: readonly Impossible[]): readonly string[] {
  return impossible.flatMap(({ why, what }) =>
    what.length === 1 ? [`${what[0]}: ${why}`] : [`${why}:`, ...what.map((one) => `- ${one}`)],
  )
}

const KEPT_MS = 15_000

type Asked = { readonly atMs: number; readonly answer: Promise<readonly Impossible[]> }

/** Why no plan would come of an incident now. A page asks each time that the log grows; whoever is asked for it, not as often. */
export class Forecasts {
  readonly #ask: (incident: string) => Promise<readonly Impossible[]>
  readonly #nowMs: () => number
  readonly #asked = new Map<string, Asked>()

  /** `nowMs` of a clock that never steps: one that is set back would keep an answer for as long. */
  constructor(ask: (incident: string) => Promise<readonly Impossible[]>, nowMs: () => number) {
    this.#ask = ask
    this.#nowMs = nowMs
  }

  /** At most fifteen seconds old. */
  async of(incident: string): Promise<readonly Impossible[]> {
    const atMs = this.#nowMs()
    for (const [id, asked] of this.#asked) if (atMs - asked.atMs >= KEPT_MS) this.#asked.delete(id)
    const known = this.#asked.get(incident)
    if (known !== undefined) return await known.answer
    const answer = this.#ask(incident)
    this.#asked.set(incident, { atMs, answer })
    answer.catch(() => this.#asked.delete(incident))
    return await answer
  }
}
