import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { UnixNano } from '@holdfast/model'
import { Recorder } from '@holdfast/recorder'
import { FoldTurns } from '../../apps/server/src/views/fold-turn.ts'
import { openViews } from '../../apps/server/src/views/open-views.ts'
import { round } from './figures.ts'
import { attacked, groupsOf, requestsOf, traceOf } from './telling.ts'

/**
 * So many repeats of one deed by many agents, and five incidents of others among them: what stands on the first page, what
 * judging one took, and how many bytes it left.
 */
export async function flood(repeats: number, say: (line: object) => void): Promise<readonly string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-bench-flood-'))
  try {
    await using recorder = await Recorder.open({ folder, clock: () => BigInt(Date.now()) as UnixNano }) // after 1970
    const storm = Array.from({ length: repeats }, (_, i) => ({
      ...attacked(0, `bot-${i % 500}`),
      trace: traceOf(1_000 + i),
    }))
    const others = Array.from({ length: 5 }, (_, i) => ({ ...attacked(i + 1, `desk-${i}`), trace: traceOf(i) }))
    const middle = Math.floor(repeats / 2)
    for (const request of requestsOf([...storm.slice(0, middle), ...others, ...storm.slice(middle)]))
      await recorder.append(groupsOf(request))
    using open = openViews(folder)
    const turns = new FoldTurns(open.reader, open.projections)
    const foldBegun = cpuMillis()
    let entries = 0
    for (let turn = turns.turn(); turn.inputs.length > 0; turn = turns.turn()) entries += turn.inputs.length
    const folded = cpuMillis() - foldBegun
    const file = join(folder, 'views', 'incidents.db')
    const marked = sizeOf(file)
    const judgeBegun = cpuMillis()
    while (open.judge.waiting() > 0) open.judge.turn(1_000)
    const judged = cpuMillis() - judgeBegun
    const listBegun = performance.now()
    const page = JSON.parse(open.answerJson('listIncidents', { query: {} }) ?? '{}') as Page // the route's own answer
    const listMs = performance.now() - listBegun
    const shown = new Set(page.items.flatMap(({ agents }) => agents))
    const found = others.filter(({ agent }) => shown.has(`host:bench/${agent}`)).length
    say({
      part: 'flood',
      repeats,
      realOnFirstPage: found,
      rows: page.items.length,
      withheld: page.withheld,
      foldMillisPerSpan: round(folded / entries),
      judgeMillisPerCase: round(judged / (repeats + 5)),
      listMs: Math.round(listMs),
      bytesPerWaitingCase: Math.round(marked / (repeats + 5)),
      bytesPerOpenChain: Math.round((sizeOf(file) - marked) / (repeats + 5)),
    })
    return found === 5 ? [] : [`${found} of 5 incidents are on the first page`]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

type Page = { readonly items: readonly { readonly agents: readonly string[] }[]; readonly withheld: number }

function sizeOf(file: string): number {
  return ['', '-wal'].reduce(
    (sum, suffix) => sum + (statSync(`${file}${suffix}`, { throwIfNoEntry: false })?.size ?? 0),
    0,
  )
}

function cpuMillis(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1_000
}
