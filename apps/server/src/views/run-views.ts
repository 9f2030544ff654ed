import type { MessagePort } from 'node:worker_threads'
import { RemovedDemos } from '../demo/removed-demos.ts'
import { reportOf } from '../rules/load-rules.ts'
import { AskedQuestions } from './asked-questions.ts'
import { FoldTurns } from './fold-turn.ts'
import { FollowedLog } from './followed-log.ts'
import { givingBack } from './give-back.ts'
import type { FromWorker, ToWorker, ViewsData } from './messages.ts'
import { openViews, type OpenViews } from './open-views.ts'
import { Warmer } from './warmer.ts'

/** Folds the log into the workspace projection and answers questions on it, away from the thread that records. */
export async function runViews(port: MessagePort, { folder, rules }: ViewsData): Promise<void> {
  using open = openViews(folder, { rules })
  const { reader, projections, views, judge, hunt } = open
  const { store } = projections[0]
  const turns = turnsOf(open)
  using _giveBack = givingBack()
  const say = (message: FromWorker): void => port.postMessage(message)
  const tell = (): void =>
    say({ kind: 'folded', cursor: store.cursor, size: reader.size(), agents: views.agentCount(), events: [] })
  await using warmer = new Warmer({
    folder,
    keep: (pages) => {
      views.keep(pages)
      questions.resume()
      tell()
    },
    onIdle: () => questions.resume(),
  })
  using questions = new AskedQuestions({ open, warmer, isUpToDate: () => store.cursor >= reader.size(), say, tell })
  const forget = (): void => {
    views.forget()
    warmer.forget()
    judge.forget()
    hunt.forget()
  }
  const log = new FollowedLog({ open, turns, questions, warmer, say, tell, forget })

  port.on('message', (message: ToWorker) => {
    switch (message.kind) {
      case 'grown':
        return log.wake()
      case 'follow':
        log.isShown = message.on
        return
      case 'visited':
        return log.visited()
      case 'stop':
        return log.stop()
      case 'rebuild':
        turns.clear()
        forget()
        log.wake()
        return say({ kind: 'answer', id: message.id, json: '{}' })
      case 'ask':
        return questions.ask(message)
      case 'left':
        return questions.drop(message.id)
      case 'exportable':
        return questions.exportable(message)
    }
  })
  say({ kind: 'rules', report: reportOf(open.rules.atStart) })
  say({ kind: 'reached', reach: turns.reach() })
  say({ kind: 'ready', cursor: store.cursor })
  await log.run()
  port.close()
}

/** Without what belonged to demos that were removed before. */
function turnsOf({ reader, projections }: OpenViews): FoldTurns {
  new FoldTurns(reader, projections).clearBeyondLog()
  const before = Math.max(...projections.map(({ store: { cursor } }) => cursor))
  return new FoldTurns(reader, projections, new RemovedDemos({ records: reader.controls('demo'), before }))
}
