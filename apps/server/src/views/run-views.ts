import { getHeapStatistics } from 'node:v8'
import type { MessagePort } from 'node:worker_threads'
import { ASKED_MS, JUDGE_ASKED_SLICE_MS, QUIET_MS, WANTS } from '../limits.ts'
import { RemovedDemos } from '../demo/removed-demos.ts'
import { toApiEvent } from './api-event.ts'
import { JUDGE_SHARE, JUDGE_SLICE_MS } from '../incidents/limits.ts'
import { reportOf } from '../rules/load-rules.ts'
import { takesLast } from './answer-cache.ts'
import { isOfNoGraph } from './answers.ts'
import { failureOf } from './failure.ts'
import { FoldTurns } from './fold-turn.ts'
import { GiveBack } from './give-back.ts'
import type { FromWorker, ToWorker, ViewQuestion, ViewsData } from './messages.ts'
import { openViews } from './open-views.ts'
import { Slices } from './slices.ts'
import { SlowAnswers } from './slow-answers.ts'
import { QuestionError } from './view-sources.ts'
import type { Derivation, Views } from './views.ts'
import { Warmer } from './warmer.ts'

/** Folds the log into the workspace projection and answers questions on it, away from the thread that records. */
export async function runViews(port: MessagePort, { folder, rules }: ViewsData): Promise<void> {
  using open = openViews(folder, { rules })
  const { reader, projections, views, judge, hunt } = open
  const { store } = projections[0]
  new FoldTurns(reader, projections).clearBeyondLog()
  const before = Math.max(...projections.map(({ store: { cursor } }) => cursor))
  const removed = new RemovedDemos({ records: reader.controls('demo'), before })
  const turns = new FoldTurns(reader, projections, removed)
  using slow = new SlowAnswers()
  // There where the server was started with it, as `holdfast up` does.
  const { gc } = globalThis
  using _giveBack =
    gc &&
    new GiveBack({
      used: () => getHeapStatistics().used_heap_size,
      // Of this flavour pages that are free are given back, not kept for the next burst.
      collect: () => gc({ type: 'major', execution: 'sync', flavor: 'last-resort' }),
    })
  await using warmer = new Warmer({
    folder,
    keep: (pages) => {
      views.keep(pages)
      slow.resume()
      tell()
    },
    onIdle: () => slow.resume(),
  })
  const say = (message: FromWorker): void => port.postMessage(message)
  using slices = new Slices({
    sliceMs: JUDGE_ASKED_SLICE_MS,
    nowMs: () => performance.now(),
    onAnswer: (id, json) => say({ kind: 'answer', id, json }),
    onFault: (id, error) => say({ kind: 'failed', id, ...failureOf(error) }),
  })
  /** Has what is shown read again: an older graph may have been answered where a newer one is there now. */
  const tell = (): void =>
    say({ kind: 'folded', cursor: store.cursor, size: reader.size(), agents: views.agentCount(), events: [] })
  const tellNamed = (): void => {
    for (const stages of judge.takeStages()) say({ kind: 'named', stages })
    const incidents = judge.takeFiled()
    if (incidents.length > 0) say({ kind: 'filed', incidents })
  }
  let following = false
  let wake: (() => void) | undefined
  let isStopped = false
  /** When a question came last. */
  let askedAt = -Infinity
  /** True once the first pages of what changed were asked for; a grown log changes that. */
  let isWarm = false

  /** What was put together of projections that have been emptied. */
  const forget = (): void => {
    views.forget()
    warmer.forget()
    judge.forget()
    hunt.forget()
  }

  const ask = ({ id, question, args }: Extract<ToWorker, { kind: 'ask' }>): void => {
    const steps = open.answering(question, args)
    if (steps !== undefined) return slices.add({ id, steps })
    const reply = (): void => answer(say, id, () => ({ kind: 'answer', id, json: open.answerJson(question, args) }))
    const needs = derivation(views, question, args)
    if (needs === undefined) return reply()
    const last = needs.first === undefined ? undefined : views.lastJson(needs.conversation, needs.first)
    let wants = 0
    const want = (): void => {
      // While the log grows, the graph is old again when it is there: it is then derived as often as rests allow.
      const isDue = store.cursor >= reader.size() || warmer.restMs === 0
      if (last === undefined || !isDue || warmer.isBusy || wants === WANTS) return
      wants += 1
      warmer.want(needs.conversation)
    }
    want()
    if (last !== undefined && takesLast(question, args)) say({ kind: 'answer', id, json: last })
    else
      slow.add({
        answer: () => {
          reply()
          if (last !== undefined) tell()
        },
        isAwaited: () => {
          const needed = derivation(views, question, args)
          if (needed?.first === undefined) return false
          // What was being derived when the question came may have begun before the last record.
          want()
          return warmer.isDeriving(needed.conversation)
        },
      })
  }

  port.on('message', (message: ToWorker) => {
    switch (message.kind) {
      case 'grown':
        wake?.()
        return
      case 'follow':
        following = message.on
        return
      case 'stop':
        isStopped = true
        wake?.()
        return
      case 'rebuild':
        turns.clear()
        forget()
        wake?.()
        say({ kind: 'answer', id: message.id, json: '{}' })
        return
      case 'ask':
        askedAt = performance.now()
        ask(message)
        return
      case 'left':
        slices.drop(message.id)
        return
      case 'exportable':
        answer(say, message.id, () => ({
          kind: 'exportable',
          id: message.id,
          exportable: open.exportable(message.of),
        }))
        return
    }
  })
  say({ kind: 'rules', report: reportOf(open.rules.atStart) })
  say({ kind: 'reached', reach: turns.reach() })
  say({ kind: 'ready', cursor: store.cursor })

  /** What judging may still take: it earns a part of the time that folding took, and a long judgement is paid off. */
  let judgeMs = 0
  while (!isStopped) {
    const size = reader.size()
    const begun = performance.now()
    const { inputs, read, isFirst, isCleared } = turns.turn()
    if (isCleared) {
      forget()
      tell()
      continue
    }
    judgeMs = Math.min(judgeMs + JUDGE_SHARE * (performance.now() - begun), JUDGE_SLICE_MS)
    if (read === 0) {
      const isAsked = performance.now() - askedAt < ASKED_MS
      const { restMs, filed } = judge.turn(isAsked ? JUDGE_ASKED_SLICE_MS : JUDGE_SLICE_MS)
      judgeMs = 0
      tellNamed()
      if (filed) tell()
      if (restMs === 0) {
        // Questions that came in meanwhile are answered before the next case.
        await new Promise<void>((resolve) => setImmediate(resolve))
        continue
      }
      const { promise, resolve } = Promise.withResolvers<'woken' | 'quiet'>()
      wake = () => resolve('woken')
      const timer = isWarm ? undefined : setTimeout(() => resolve('quiet'), Math.max(QUIET_MS, warmer.restMs))
      const judgeTimer = restMs === undefined ? undefined : setTimeout(() => resolve('woken'), restMs)
      isWarm = (await promise) === 'quiet' && !warmer.isBusy
      if (isWarm) warmer.start(views.cold())
      clearTimeout(timer)
      clearTimeout(judgeTimer)
      continue
    }
    judge.folded(turns.reach())
    say({ kind: 'reached', reach: turns.reach() })
    if (isFirst) {
      isWarm = false
      views.grew(inputs)
      say({
        kind: 'folded',
        cursor: store.cursor,
        size,
        agents: views.agentCount(),
        events: following
          ? inputs.flatMap(({ entry, events }) => events.map((event) => JSON.stringify(toApiEvent(event, entry))))
          : [],
      })
      // Without a rest: doubling bounds what it costs.
      if (!warmer.isBusy) warmer.start(views.doubled(inputs))
    }
    if (judgeMs > 0) {
      const judgeBegun = performance.now()
      if (judge.turn(judgeMs).filed) tell()
      tellNamed()
      judgeMs -= performance.now() - judgeBegun
    }
    // Questions that came in meanwhile are answered before the next batch.
    await new Promise<void>((resolve) => setImmediate(resolve))
  }
  port.close()
}

/** A question that is none is told so by its answer. */
function derivation(views: Views, question: ViewQuestion, args: unknown): Derivation | undefined {
  if (isOfNoGraph(question)) return undefined
  try {
    return views.derivedFor(question, args)
  } catch (error) {
    if (error instanceof QuestionError) return undefined
    throw error
  }
}

function answer(say: (message: FromWorker) => void, id: number, ask: () => FromWorker): void {
  try {
    say(ask())
  } catch (error) {
    say({ kind: 'failed', id, ...failureOf(error) })
  }
}
