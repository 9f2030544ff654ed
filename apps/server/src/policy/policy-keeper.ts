import { lapsed } from '@holdfast/enforce'
import { parseRfc3339, type PolicyArtifact, type UnixNano } from '@holdfast/model'
import type { Notice } from '@holdfast/respond'
import type { Notices } from '../notices/notices.ts'
import { SWEEP_MS } from './limits.ts'
import type { PolicyBook } from './policy-book.ts'
import type { Standing } from './simulation-task.ts'

export type PolicyKeeperSources = {
  readonly book: PolicyBook
  readonly notices: Pick<Notices, 'tell'>
  readonly standingOf: (agent: string) => Promise<Standing>
  readonly onError: (error: unknown) => void
}

/**
 * Looks after what is in force. A policy past its validity, or whose profile turns out to be tainted, watches on and stops nothing:
 * that is put on record and told. What an event is judged by never waits for this, because validity is looked at each time.
 */
export class PolicyKeeper implements Disposable {
  readonly #sources: PolicyKeeperSources
  #timer: NodeJS.Timeout | undefined
  #running: Promise<void> | undefined

  constructor(sources: PolicyKeeperSources) {
    this.#sources = sources
  }

  start(): void {
    this.#timer = setInterval(() => void this.sweep(), SWEEP_MS)
    this.#timer.unref()
  }

  /** One look; a second one waits for no other and is the same. */
  sweep(): Promise<void> {
    this.#running ??= this.#sweep()
      .catch((error: unknown) => this.#sources.onError(error))
      .finally(() => (this.#running = undefined))
    return this.#running
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer)
  }

  async #sweep(): Promise<void> {
    const { book } = this.#sources
    for (const { agent, artifact } of lapsed(book.state, book.now))
      await this.#apart(() => this.#expire(agent, artifact))
    for (const agent of book.state.force.keys()) await this.#apart(() => this.#lookAt(agent))
  }

  /** One that cannot be looked at must not leave the policies of all after it in force: it has its turn at the next look. */
  async #apart(look: () => Promise<void>): Promise<void> {
    try {
      await look()
    } catch (error) {
      this.#sources.onError(error)
    }
  }

  async #expire(agent: string, artifact: string): Promise<void> {
    const { book } = this.#sources
    const held = book.artifact(artifact)
    await book.step(() => ({ do: 'expired', agent, artifact }), {
      reason: `it held until ${held?.validUntil ?? 'its end'}: derive it again`,
      by: PROGRAM,
    })
    if (held !== undefined) await this.#tell(held, 'has expired', `It held until ${held.validUntil}.`)
  }

  /** What was read before a mark said that it was tainted taught every policy made of it by then. */
  async #lookAt(agent: string): Promise<void> {
    const { book, standingOf } = this.#sources
    const { state } = book
    const own = [...state.artifacts.values()].map(({ artifact }) => artifact).filter((one) => one.agent === agent)
    if (own.every(({ id }) => state.spent.has(id))) return
    const { contaminatedBy } = await standingOf(agent)
    const tainted = own.filter(
      ({ id, profile }) => !state.spent.has(id) && contaminatedBy.some((mark) => mark >= profile.size),
    )
    if (tainted.length === 0) return
    const wasEnforced = (state.force.get(agent) ?? []).some(
      (one) => one.to === undefined && one.mode === 'enforce' && tainted.some(({ id }) => id === one.artifact),
    )
    await book.step(() => ({ do: 'pulled-back', agent, artifacts: tainted.map(({ id }) => id) }), {
      reason: `its profile was marked as contaminated at ${contaminatedBy.join(', ')}`,
      by: PROGRAM,
    })
    for (const artifact of wasEnforced ? tainted.slice(0, 1) : [])
      await this.#tell(artifact, 'was pulled back', 'Its profile was marked as contaminated after it was derived.')
  }

  #tell({ id, kind, agent }: PolicyArtifact, what: string, why: string): Promise<void> {
    const notice: Notice = {
      id: `policy/${id}/${what}`,
      kind: 'policy-lapsed',
      incident: '',
      severity: 'medium',
      title: `an enforced policy ${what}: it watches and stops nothing`,
      lines: [`${kind} of ${agent}`, why, 'Derive it again and start its rollout.'],
      for: [],
      path: '/policies',
      at: parseRfc3339(this.#sources.book.now) ?? (0n as UnixNano), // the book's own clock, which is in range
    }
    return this.#sources.notices.tell(notice)
  }
}

/** Whose word it is in the log. */
const PROGRAM = 'holdfast up'
