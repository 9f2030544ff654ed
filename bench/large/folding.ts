import { parentPort, workerData } from 'node:worker_threads'
import { FoldTurns } from '../../apps/server/src/views/fold-turn.ts'
import { openViews } from '../../apps/server/src/views/open-views.ts'

/** Folds some projections of a folder on a thread of its own, each time its log has grown; answers with what it has read. */
export type FoldOrder = { readonly folder: string; readonly projections: readonly string[] }
export type FoldedSoFar = { readonly entries: number; readonly events: number }

const { folder, projections } = workerData as FoldOrder // given by `largeFolder`, the only one who starts this
const open = openViews(folder)
const turns = new FoldTurns(
  open.reader,
  open.projections.filter(({ projection }) => projections.includes(projection.name)),
)
let events = 0
parentPort?.on('message', () => {
  for (;;) {
    const { inputs } = turns.turn()
    if (inputs.length === 0) break
    for (const input of inputs) events += input.events.length
    parentPort?.postMessage({ entries: turns.reach(), events } satisfies FoldedSoFar)
  }
})
