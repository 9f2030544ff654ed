import { parseRfc3339, type UnixNano } from '@holdfast/model'
import type { Notice } from '@holdfast/respond'
import type { Notices } from '../notices/notices.ts'
import { compareStanding, withdrawLapsed, type ChangedPolicy } from './cluster-policies.ts'
import { COMPARE_MS, SWEEP_MS } from './limits.ts'
import type { PolicyBook } from './policy-book.ts'
import type { PolicyCluster } from './policy-place.ts'

type Sources = {
  readonly book: PolicyBook
  readonly clusters: readonly PolicyCluster[]
  readonly notices: Pick<Notices, 'tell'>
  /** Something stands that could not be taken back; told once for as long as it stays. */
  readonly onKept: (failure: string) => void
  /** A cluster could not be asked what it holds; likewise. */
  readonly onUnseen: (failure: string) => void
}

/**
 * Sees to it that no cluster goes on refusing in the name of a policy that is not enforced any more, and that what a cluster holds is
 * what was put there: where it is another, that is on record and told.
 */
export class PlacedKeeper implements Disposable {
  readonly #sources: Sources
  readonly #timers: NodeJS.Timeout[] = []
  readonly #told = { kept: [] as readonly string[], unseen: [] as readonly string[] }
  #sweeping: Promise<void> | undefined
  #comparing: Promise<void> | undefined

  constructor(sources: Sources) {
    this.#sources = sources
  }

  start(): void {
    this.#timers.push(
      setInterval(() => void this.sweep(), SWEEP_MS),
      setInterval(() => void this.compare(), COMPARE_MS),
    )
    for (const timer of this.#timers) timer.unref()
  }

  sweep(): Promise<void> {
    this.#sweeping ??= this.#sweep().finally(() => (this.#sweeping = undefined))
    return this.#sweeping
  }

  compare(): Promise<void> {
    this.#comparing ??= this.#compare().finally(() => (this.#comparing = undefined))
    return this.#comparing
  }

  [Symbol.dispose](): void {
    for (const timer of this.#timers) clearInterval(timer)
  }

  async #sweep(): Promise<void> {
    const failures = await withdrawLapsed(this.#sources)
    for (const failure of failures) if (!this.#told.kept.includes(failure)) this.#sources.onKept(failure)
    this.#told.kept = failures
  }

  async #compare(): Promise<void> {
    const { changed, failures } = await compareStanding(this.#sources)
    for (const failure of failures) if (!this.#told.unseen.includes(failure)) this.#sources.onUnseen(failure)
    this.#told.unseen = failures
    for (const one of changed) if (one.differences.length > 0) await this.#tell(one)
  }

  #tell({ artifact: { id, agent }, target, differences }: ChangedPolicy): Promise<void> {
    const { book, notices } = this.#sources
    const notice: Notice = {
      id: `policy/${id}/changed/${target}/${book.now}`,
      kind: 'policy-changed',
      incident: '',
      severity: 'medium',
      title: 'a cluster holds another policy than was put there',
      lines: [`${target}, of ${agent}`, ...differences, 'Apply it again, or take it back.'],
      for: [],
      path: '/policies',
      at: parseRfc3339(book.now) ?? (0n as UnixNano), // the book's own clock, which is in range
    }
    return notices.tell(notice)
  }
}
