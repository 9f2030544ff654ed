import { JUDGE_SHARE, JUDGE_SLICE_MS } from '../incidents/limits.ts'
import { ASKED_MS, JUDGE_ASKED_SLICE_MS, QUIET_MS, STAND_BACK_MS, STOOD_BACK_MS } from '../limits.ts'
import { toApiEvent } from './api-event.ts'
import type { AskedQuestions } from './asked-questions.ts'
import type { FoldInput } from './fold-input.ts'
import type { FoldTurns } from './fold-turn.ts'
import type { FromWorker } from './messages.ts'
import type { OpenViews } from './open-views.ts'
import { StandBack } from './stand-back.ts'
import type { Warmer } from './warmer.ts'

export type FollowedLogParts = {
  readonly open: Pick<OpenViews, 'reader' | 'projections' | 'views' | 'judge'>
  readonly turns: Pick<FoldTurns, 'turn' | 'reach'>
  readonly questions: Pick<AskedQuestions, 'quietMs'>
  readonly warmer: Pick<Warmer, 'start' | 'isBusy' | 'restMs'>
  readonly say: (message: FromWorker) => void
  /** Has what is shown read again. */
  readonly tell: () => void
  /** Forgets what was put together of projections that have been emptied. */
  readonly forget: () => void
}

/** Folds the log as it grows, judges cases in the time that folding leaves, and has first pages derived when all is quiet. */
export class FollowedLog {
  readonly #parts: FollowedLogParts
  /** True while somebody is shown every event as it comes. */
  isShown = false
  #wake: (() => void) | undefined
  #isStopped = false
  /** True once the first pages of what changed were asked for; a grown log changes that. */
  #isWarm = false
  /** What judging may still take: it earns a part of the time that folding took, and a long judgement is paid off. */
  #judgeMs = 0
  #visitedAt = -Infinity
  readonly #standBack = new StandBack({ afterMs: STAND_BACK_MS, mostMs: STOOD_BACK_MS })

  constructor(parts: FollowedLogParts) {
    this.#parts = parts
  }

  /** Resolves once it was stopped. */
  async run(): Promise<void> {
    while (!this.#isStopped) await this.#step()
  }

  /** Somebody asks the server for something. */
  visited(): void {
    this.#visitedAt = performance.now()
  }

  /** There is something new to fold. */
  wake(): void {
    this.#wake?.()
  }

  stop(): void {
    this.#isStopped = true
    this.wake()
  }

  async #step(): Promise<void> {
    const { open, turns, say, tell, forget } = this.#parts
    const size = open.reader.size()
    const begun = performance.now()
    const { inputs, read, isFirst, isCleared } = turns.turn()
    if (isCleared) {
      forget()
      tell()
      return
    }
    this.#judgeMs = Math.min(this.#judgeMs + JUDGE_SHARE * (performance.now() - begun), JUDGE_SLICE_MS)
    if (read === 0) {
      this.#judgeMs = 0
      const restMs = this.#judgeAtEnd()
      return restMs === 0 ? await questionsAnswered() : await this.#rest(restMs)
    }
    open.judge.folded(turns.reach())
    say({ kind: 'reached', reach: turns.reach() })
    if (isFirst) this.#tellFolded(inputs, size)
    if (this.#judgeMs > 0) this.#judgeBetween()
    await questionsAnswered()
  }

  #tellFolded(inputs: readonly FoldInput[], size: number): void {
    const { open, warmer, say } = this.#parts
    const { views, projections } = open
    this.#isWarm = false
    views.grew(inputs)
    say({
      kind: 'folded',
      cursor: projections[0].store.cursor,
      size,
      agents: views.agentCount(),
      events: this.isShown
        ? inputs.flatMap(({ entry, events }) => events.map((event) => JSON.stringify(toApiEvent(event, entry))))
        : [],
    })
    // Without a rest: doubling bounds what it costs.
    if (!warmer.isBusy) warmer.start(views.doubled(inputs))
  }

  /** While the log grows: as long as folding has earned. */
  #judgeBetween(): void {
    const begun = performance.now()
    if (this.#parts.open.judge.turn(this.#judgeMs).filed) this.#parts.tell()
    this.#tellNamed()
    this.#judgeMs -= performance.now() - begun
  }

  /**
   * At the end of the log: a slice, unless a backlog stands back for somebody who asks; what happens now never does. Milliseconds
   * until more is to be judged; undefined where nothing waits.
   */
  #judgeAtEnd(): number | undefined {
    const { open, questions, tell } = this.#parts
    const now = performance.now()
    const standMs = open.judge.isBacklog() ? this.#standBack.restMs(now, now - this.#visitedAt) : 0
    if (standMs > 0) return standMs
    const isAsked = questions.quietMs < ASKED_MS
    const { restMs, filed } = open.judge.turn(isAsked ? JUDGE_ASKED_SLICE_MS : JUDGE_SLICE_MS)
    this.#tellNamed()
    if (filed) tell()
    return restMs
  }

  #tellNamed(): void {
    const { open, say } = this.#parts
    for (const stages of open.judge.takeStages()) say({ kind: 'named', stages })
    const incidents = open.judge.takeFiled()
    if (incidents.length > 0) say({ kind: 'filed', incidents })
  }

  /** Until the log has grown, a case is to be judged again, or it was quiet for so long that pages can be derived. */
  async #rest(judgeRestMs: number | undefined): Promise<void> {
    const { open, warmer } = this.#parts
    const { promise, resolve } = Promise.withResolvers<'woken' | 'quiet'>()
    this.#wake = () => resolve('woken')
    const quiet = this.#isWarm ? undefined : setTimeout(() => resolve('quiet'), Math.max(QUIET_MS, warmer.restMs))
    const judge = judgeRestMs === undefined ? undefined : setTimeout(() => resolve('woken'), judgeRestMs)
    this.#isWarm = (await promise) === 'quiet' && !warmer.isBusy
    if (this.#isWarm) warmer.start(open.views.cold())
    clearTimeout(quiet)
    clearTimeout(judge)
  }
}

/** Questions that came in meanwhile are answered before the next batch or case. */
async function questionsAnswered(): Promise<void> {
  await new Promise<void>((resolve) => setImmediate(resolve))
}
