import { compileRules, type CompiledRules, type RuleSet, type RuleSource } from '@holdfast/detect'
import type { LogReader, ProjectionStore } from '@holdfast/recorder'
import { decode } from '../inventory/docs.ts'
import { keys } from '../incidents/keys.ts'
import { learnedRules, learningsIn } from '../learning/learnings.ts'
import { noteRules, settleRules } from './settle-rules.ts'

export type RuleSourcesInForce = {
  readonly store: ProjectionStore
  readonly workspace: Pick<ProjectionStore, 'cursor'>
  readonly reader: Pick<LogReader, 'controls'>
  /** Rules that ship and those of a folder; without them nothing that was judged is touched. */
  readonly base: readonly RuleSource[] | undefined
}

/** The rules that cases are judged by: those that the server was started with, and those that incidents taught. */
export class RulesInForce {
  readonly #sources: RuleSourcesInForce
  #current: RuleSet
  /** What became of the files when they were first read, for whoever started the server. */
  readonly atStart: CompiledRules
  /** Log position of the step by which the learned ones are as they are. */
  #at: number | undefined

  constructor(sources: RuleSourcesInForce) {
    this.#sources = sources
    this.atStart = this.#compiled()
    this.#current = this.atStart.rules
    this.#at = this.#newest()
    if (sources.base !== undefined) settleRules(sources.store, this.#current.digest)
  }

  get current(): RuleSet {
    return this.#current
  }

  /** The files that they were made of. */
  files(): readonly RuleSource[] {
    const { base, reader } = this.#sources
    return base === undefined ? [] : [...base, ...learnedRules(learningsIn(reader))]
  }

  /**
   * Takes over what was learned or withdrawn since. True where the rules are others: the log is then folded again from its
   * start, so that every case is judged anew, and what was found before stays in the lists until it is.
   */
  settle(): boolean {
    const { store, workspace } = this.#sources
    // While the log is folded again, an older step comes by first.
    if (store.cursor < workspace.cursor) return false
    const newest = this.#newest()
    if (newest === undefined || newest === this.#at) return false
    const before = this.#current.digest
    this.#at = newest
    this.#current = this.#compiled().rules
    if (this.#current.digest === before) return false
    noteRules(store, this.#current.digest)
    store.apply({ cursor: 0, puts: [] })
    return true
  }

  #compiled(): CompiledRules {
    return compileRules(this.files())
  }

  #newest(): number | undefined {
    const bytes = this.#sources.store.get(keys.learned())
    return bytes === undefined ? undefined : decode<number>(bytes)
  }
}
