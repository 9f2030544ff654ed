import type { ContainmentRecord, Rung, UnixNano } from '@holdfast/model'
import type { LogReader } from '@holdfast/recorder'
import { type PlanStep, rungHeight } from '@holdfast/respond'
import { planDeed, type PlanDeed } from '../response/plan-record.ts'

/** How long a hold that disrupts a service lasted, or lasts still. */
type HeldSpan = {
  readonly agent: string
  readonly from: UnixNano
  /** When it ended, and where the log says so; undefined while it stands. */
  readonly until: UnixNano | undefined
  readonly endEntry: number | undefined
}

type Place = { readonly index: number; readonly recordedAt: UnixNano }

/** Holds from the softest on that disrupt a service, by what was carried out and what was released, whoever holds. */
export class HeldSpans {
  readonly #reader: Pick<LogReader, 'eachControl' | 'size'>
  /** By the containment, or the plan and its step. */
  readonly #spans = new Map<string, HeldSpan>()
  /** Plan and step -> whom it holds. */
  readonly #planned = new Map<string, string>()
  #read = 0

  constructor(reader: Pick<LogReader, 'eachControl' | 'size'>) {
    this.#reader = reader
  }

  /** Those of the agents that stood at this place of the log or behind it: what had ended before was of something else. */
  of(agents: readonly string[], sinceEntry: number): readonly HeldSpan[] {
    this.#catchUp()
    return [...this.#spans.values()].filter(
      ({ agent, endEntry = sinceEntry }) => agents.includes(agent) && endEntry >= sinceEntry,
    )
  }

  /** What is new in the log. */
  #catchUp(): void {
    const range = { from: this.#read, to: this.#reader.size() }
    if (range.from === range.to) return
    for (const { record, ...place } of this.#reader.eachControl('containment', range)) this.#contained(record, place)
    for (const { record, ...place } of this.#reader.eachControl('response-plan', range))
      this.#planWent(record.plan, planDeed(record), place)
    this.#read = range.to
  }

  #contained({ containment, state, plan }: ContainmentRecord, at: Place): void {
    if (!disrupts(plan.rung)) return
    // What is applied may be in effect: waiting for the probe would shorten what is to be reported.
    if (state === 'applied' || state === 'confirmed') this.#begin(containment, plan.agent, at)
    // A probe that got through, a release that failed or that left a part held ends no disruption.
    else if (state === 'released') this.#end(containment, at)
  }

  #planWent(plan: string, deed: PlanDeed, at: Place): void {
    if (deed.do === 'made') {
      for (const step of deed.plan.steps) if (isHold(step)) this.#planned.set(`${plan}/${step.id}`, step.agent)
      return
    }
    if (deed.do !== 'step') return
    const { step } = deed
    const key = `${plan}/${step.step}`
    const agent = this.#planned.get(key)
    if (agent === undefined || !('outcome' in step) || step.outcome.status !== 'done') return
    if (step.kind === 'answered') this.#begin(key, agent, at)
    else this.#end(key, at)
  }

  #begin(key: string, agent: string, { recordedAt: from }: Place): void {
    if (!this.#spans.has(key)) this.#spans.set(key, { agent, from, until: undefined, endEntry: undefined })
  }

  #end(key: string, { recordedAt: until, index: endEntry }: Place): void {
    const span = this.#spans.get(key)
    if (span !== undefined && span.until === undefined) this.#spans.set(key, { ...span, until, endEntry })
  }
}

/** A sensor's steps are containments, whose own records say when they ended. */
function isHold({ provider, deed }: PlanStep): boolean {
  return provider !== 'sensor' && deed.kind === 'rung' && disrupts(deed.rung)
}

function disrupts(rung: Rung): boolean {
  return rung !== 'watch' && rungHeight(rung) >= rungHeight('soft-quarantine')
}
