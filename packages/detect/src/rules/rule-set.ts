import type { Event, Signal } from '@holdfast/model'
import { onceInOrder } from '../signals/findings.ts'
import { finished, type StepsOfWork } from '../steps-of-work.ts'
import { correlate, type Match } from './correlate.ts'
import { CutCount } from './cut-count.ts'
import { EventView } from './event-view.ts'
import { MAX_MATCHES, MAX_RULE_EVENTS } from './limits.ts'
import { Memories } from './memories.ts'
import { holds } from './predicate.ts'
import { Prefilter } from './prefilter.ts'
import type { EventRule, Rule, RuleFacts } from './rule.ts'
import { signalsOf } from './rule-signals.ts'

/** Events between two places where other work may come first. */
const EVENTS_A_STEP = 64

/** Rules, compiled. Holds no state of what it was asked: the same events give the same answers. */
export class RuleSet {
  /** Of the names and texts of all rules: another digest may judge otherwise. */
  readonly digest: string
  readonly #rules: readonly Rule[]
  readonly #eventRules: readonly EventRule[]
  readonly #prefilter: Prefilter
  /** Name or id -> the rule's own name. */
  readonly #called: ReadonlyMap<string, string>

  /** Correlations stand behind the rules that they are of. */
  constructor(rules: readonly Rule[], digest: string) {
    this.digest = digest
    this.#rules = rules
    this.#eventRules = rules.filter((rule) => rule.kind === 'event')
    this.#prefilter = new Prefilter(this.#eventRules)
    this.#called = new Map(
      rules.flatMap(({ name, names }) => [name, ...names].map((called) => [called, name] as const)),
    )
  }

  get rules(): readonly RuleFacts[] {
    return this.#rules
  }

  /** Names of the rules whose own part one event meets; what correlations and memories ask besides is left open. */
  matching(event: Event): readonly string[] {
    const view = new EventView(event)
    return this.#candidates(view)
      .filter((rule) => isMet(rule, view))
      .map(({ name }) => name)
  }

  /** How many rules one event is held against. */
  candidateCount(event: Event): number {
    return this.#candidates(new EventView(event)).length
  }

  /**
   * Signals of the rules over one case, its events in claimed order whatever the order they come in. A rule that restates a
   * detector is silent where `said` has that detector's signal on one of the same events.
   */
  signals(events: readonly Event[], { said = [] }: { readonly said?: readonly Signal[] } = {}): readonly Signal[] {
    return finished(this.signalling(events, { said }))
  }

  /** The same step by step. What falls beyond the bounds is counted in `cut`. */
  *signalling(
    events: readonly Event[],
    { said = [], cut = new CutCount() }: { readonly said?: readonly Signal[]; readonly cut?: CutCount } = {},
  ): StepsOfWork<readonly Signal[]> {
    const matches = yield* this.#matching(events, cut)
    return this.#rules.flatMap((rule) => {
      const own = rule.isReported ? matches.get(rule.name) : undefined
      return own === undefined ? [] : signalsOf(rule, { matches: own, said, cut })
    })
  }

  *#matching(events: readonly Event[], cut: CutCount): StepsOfWork<ReadonlyMap<string, readonly Match[]>> {
    const matches = new Map<string, Match[]>()
    const memories = new Memories(cut)
    for (const [at, event] of cut.first(onceInOrder(events), MAX_RULE_EVENTS).entries()) {
      if (at % EVENTS_A_STEP === EVENTS_A_STEP - 1) yield
      if (event.context.isSetup !== true) this.#hold(new EventView(event), { matches, memories, cut })
    }
    for (const rule of this.#rules)
      if (rule.kind === 'correlation') {
        yield
        const parts = rule.refers.map(({ name }) => matches.get(this.#called.get(name) ?? name) ?? [])
        matches.set(rule.name, [...correlate(rule, parts, cut)])
      }
    return matches
  }

  /** What an event leaves is there for later ones, not for itself. */
  #hold(
    view: EventView,
    {
      matches,
      memories,
      cut,
    }: { readonly matches: Map<string, Match[]>; readonly memories: Memories; readonly cut: CutCount },
  ): void {
    const met: EventRule[] = []
    for (const rule of this.#candidates(view)) {
      if (!isMet(rule, view)) continue
      const before = rule.recall === undefined ? undefined : memories.recalled(rule.recall, view)
      if (rule.recall !== undefined && before === undefined) continue
      met.push(rule)
      const own = matches.get(rule.name) ?? []
      matches.set(rule.name, own)
      const proofs = before === undefined ? [view.event] : [before.event, view.event]
      if (own.length < MAX_MATCHES) own.push({ names: [rule.name, ...rule.names], view, proofs, count: proofs.length })
      else cut.add(1)
    }
    for (const { remember } of met) if (remember !== undefined) memories.remember(remember, view)
  }

  #candidates(view: EventView): readonly EventRule[] {
    return this.#prefilter.candidates(view).flatMap((at) => this.#eventRules[at] ?? [])
  }
}

function isMet({ formula, where }: EventRule, view: EventView): boolean {
  return holds(formula, view) && (where === undefined || where(view))
}
