import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { UnixNano } from '@holdfast/model'
import { Recorder } from '@holdfast/recorder'
import { FoldTurns } from '../../apps/server/src/views/fold-turn.ts'
import { openViews } from '../../apps/server/src/views/open-views.ts'
import { attacked, groupsOf, requestsOf } from './telling.ts'

/**
 * One conversation of that many entries, judged in turns as the worker of views does it: what the whole takes, and how
 * long the longest turn held up the questions that came meanwhile.
 */
export async function largeCase(entries: number): Promise<Figures> {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-bench-detect-'))
  try {
    await using recorder = await Recorder.open({ folder, clock: () => BigInt(Date.now()) as UnixNano })
    const telling = { ...attacked(1, 'desk'), calls: entries - 3 }
    for (const request of requestsOf([telling])) await recorder.append(groupsOf(request))
    using open = openViews(folder)
    const turns = new FoldTurns(open.reader, open.projections)
    while (turns.turn().inputs.length > 0);
    const begun = performance.now()
    let longest = 0
    let count = 0
    while (open.judge.waiting() > 0) {
      const from = performance.now()
      open.judge.turn(50)
      longest = Math.max(longest, performance.now() - from)
      count += 1
    }
    const whole = performance.now() - begun
    const list = JSON.parse(open.answerJson('listIncidents', { query: {} }) ?? '{}') as {
      readonly items: readonly { readonly id: string }[]
    }
    return {
      part: 'large',
      entries,
      wholeMs: Math.round(whole),
      turns: count,
      longestTurnMs: Math.round(longest),
      incidents: list.items.length,
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

type Figures = {
  readonly part: 'large'
  readonly entries: number
  readonly wholeMs: number
  readonly turns: number
  readonly longestTurnMs: number
  readonly incidents: number
}
