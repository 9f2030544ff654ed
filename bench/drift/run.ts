import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ProjectionStore } from '@holdfast/recorder'
import { agentDrift } from '../../apps/server/src/drift/agent-drift.ts'
import { DriftReader } from '../../apps/server/src/drift/drift-reader.ts'
import { finished } from '@holdfast/detect'
import type { DriftChange } from '@holdfast/model'
import { driftMonth, DRIFT_MONTH_END_MS } from '../../scenarios/src/histories/drift/month.ts'
import { cpuMicros, foldHistory } from './month-in-store.ts'
import { score, wilson } from './score.ts'

/**
 * A labelled month of a simulated fleet through the reading, folding and judging of the product: precision and recall of
 * drift, and what each event costs.
 */
function main(): void {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string', default: '1' },
      agents: { type: 'string', default: '20' },
      rounds: { type: 'string', default: '5' },
      json: { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
    },
  })
  const month = driftMonth({ seed: Number(values.seed), agents: Number(values.agents) })
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-drift-'))
  try {
    using store = ProjectionStore.open({ folder, name: 'drift', version: 1 })
    using profile = ProjectionStore.open({ folder, name: 'profile', version: 1 })
    const folded = foldHistory(store, month.lines)
    const first: number[] = []
    const again: number[] = []
    const found = new Map<string, readonly DriftChange[]>()
    for (let turn = 0; turn < Number(values.rounds); turn += 1) {
      const begin = cpuMicros()
      const readers = month.agents.map((agent) => [agent, new DriftReader(store, agent)] as const)
      for (const [agent, reader] of readers) found.set(agent, changesOf(reader, profile))
      const judged = cpuMicros()
      for (const [, reader] of readers) changesOf(reader, profile)
      first.push((judged - begin) / folded.events)
      again.push((cpuMicros() - judged) / folded.events)
    }
    const scored = score(month.labels, (agent) => found.get(agent) ?? [])
    const report = {
      seed: Number(values.seed),
      agents: month.agents.length,
      ...folded,
      foldMicrosPerEvent: round(folded.foldMicros / folded.events),
      firstJudgementMicrosPerEvent: round(median(first)),
      judgementAgainMicrosPerEvent: round(median(again)),
      ...figures(scored),
    }
    process.stdout.write(values.json ? `${JSON.stringify(report)}\n` : text(report))
    if (values.list)
      process.stdout.write(`\nmissed\n${scored.misses.join('\n')}\n\nnoise\n${scored.noise.join('\n')}\n`)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function changesOf(reader: DriftReader, profile: ProjectionStore): readonly DriftChange[] {
  const asOf = BigInt(DRIFT_MONTH_END_MS) * 1_000_000n
  return finished(agentDrift(reader, { profile, about: undefined, until: undefined, asOf }))?.drift.changes ?? []
}

type Share = {
  readonly name: string
  readonly hits: number
  readonly of: number
  readonly low: number
  readonly high: number
}

function figures({ byTruth, labels }: ReturnType<typeof score>): { readonly shares: readonly Share[] } {
  const of = (truth: 'attack' | 'unrecorded' | 'evolution' | 'noise') =>
    byTruth.get(truth) ?? { evolution: 0, risky: 0, grave: 0 }
  const [attack, unrecorded, evolution, noise] = [of('attack'), of('unrecorded'), of('evolution'), of('noise')]
  const risky = attack.risky + unrecorded.risky + evolution.risky + noise.risky
  const grave = attack.grave + unrecorded.grave + evolution.grave + noise.grave
  const allEvolution = attack.evolution + unrecorded.evolution + evolution.evolution + noise.evolution
  return {
    shares: [
      share('precision, risky: attack or a change that nobody recorded', attack.risky + unrecorded.risky, risky),
      share('precision, risky: attack', attack.risky, risky),
      share('precision, medium and high: attack', attack.grave, grave),
      share('precision, evolution: approved', evolution.evolution, allEvolution),
      ...[...labels].map(([name, { of: all, right }]) => share(`recall, ${name}`, right, all)),
    ],
  }
}

function share(name: string, hits: number, of: number): Share {
  const [low, high] = wilson(hits, of)
  return { name, hits, of, low: round(low), high: round(high) }
}

function text({ shares, ...rest }: { readonly shares: readonly Share[] } & Readonly<Record<string, unknown>>): string {
  const rows = shares.map(
    ({ name, hits, of, low, high }) =>
      `${name.padEnd(64)} ${`${hits}/${of}`.padStart(9)} ${(of === 0 ? 0 : hits / of).toFixed(2)}  ${low.toFixed(2)} to ${high.toFixed(2)}`,
  )
  return `${JSON.stringify(rest)}\n${rows.join('\n')}\n`
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}

main()
