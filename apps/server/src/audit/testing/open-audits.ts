import type { Recorder } from '@holdfast/recorder'
import { LogReader } from '@holdfast/recorder'
import { ViewError } from '../../views/client.ts'
import { FoldTurns } from '../../views/fold-turn.ts'
import { openViews } from '../../views/open-views.ts'
import { Audits, type AuditParts } from '../audits.ts'

/** Audits over the projections of a folder on this thread, as the worker has them; nothing is asked of a server. */
export function openAudits(
  folder: string,
  recorder: Recorder,
  /** With all projections, or with the one alone that rows about events are made of. */
  folded: 'all' | 'workspace' = 'all',
  policies: AuditParts['policies'] = NO_POLICIES,
): Disposable & { readonly audits: Audits; readonly fold: () => void } {
  const stack = new DisposableStack()
  const open = stack.use(openViews(folder))
  const reader = stack.use(LogReader.open({ folder }))
  const turns = new FoldTurns(open.reader, folded === 'all' ? open.projections : [open.projections[0]])
  turns.clearBeyondLog()
  const audits = new Audits({
    recorder,
    reader,
    views: {
      ask: (question, args) => {
        const json = open.answerJson(question, args)
        return json === undefined ? Promise.reject(new ViewError(404, 'not found')) : Promise.resolve(json)
      },
    },
    reveals: { record: () => Promise.resolve() },
    policies,
    folder,
  })
  return {
    audits,
    fold: () => {
      while (turns.turn().inputs.length > 0);
    },
    [Symbol.dispose]: () => stack.dispose(),
  }
}

const NO_POLICIES: AuditParts['policies'] = {
  violationOf: () => undefined,
  allowanceOf: () => undefined,
  agents: () => new Set(),
}
