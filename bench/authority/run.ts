import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { authoritySignals } from '@holdfast/detect'
import type { Event, Signal } from '@holdfast/model'
import { NO_DELTA, ORDINARY } from './labels.ts'
import { labelRows } from './label-rows.ts'
import { detonations, samples, type Detonation, type Sample } from './records.ts'

/** A signal that stands by itself; weaker ones only colour a chain. */
const CALLED = 0.5

/**
 * How the signals of authorities fare on public records, without a profile and with the tools' own names taken out: the
 * calls of executed techniques against the ordinary ones of the same logs, and the samples of a vendor's rules. Each log
 * and each sample is judged alone; a sample is one record, so what only many calls say cannot be heard there. With
 * `--labels`, the labels that `holdfast eval --labels CSV --runs DATA --neutralise` reads for the same.
 */
function main(): number {
  const { values } = parseArgs({
    options: { data: { type: 'string', default: '../shared/data' }, labels: { type: 'boolean', default: false } },
  })
  const folder = resolve(import.meta.dirname, '../..', values.data)
  if (!existsSync(folder)) {
    process.stderr.write(`no data in ${values.data}: name the folder with --data\n`)
    return 2
  }
  if (values.labels) {
    process.stdout.write(labelRows(folder))
    return 0
  }
  const executed = detonations(folder).map(techniqueRow)
  for (const row of executed) say({ what: 'technique', ...row })
  say({
    what: 'executed techniques',
    techniques: executed.length,
    called: executed.filter(({ called }) => called > 0).length,
    recall: share(executed.filter(({ called }) => called > 0).length, executed.length),
    callsNamed: sum(executed, ({ called }) => called),
    ordinaryCallsNamed: sum(executed, ({ ordinaryCalled }) => ordinaryCalled),
    ordinaryCalls: sum(executed, ({ ordinary }) => ordinary),
    precision: share(
      sum(executed, ({ called }) => called),
      sum(executed, ({ called, ordinaryCalled }) => called + ordinaryCalled),
    ),
  })
  const all = samples(folder)
  const byRule = [...Map.groupBy(all, ({ rule }) => rule)].toSorted(([a], [b]) => (a < b ? -1 : 1))
  for (const [rule, some] of byRule) say({ what: 'rule', rule, ...sampleRow(some) })
  for (const [log, some] of Map.groupBy(all, (one) => one.log)) say({ what: 'log', log, ...sampleRow(some) })
  say({ what: 'samples', ...sampleRow(all) })
  return 0
}

/** Ordinary calls count as named where they stand among a signal's proofs with no call of the technique beside them. */
function techniqueRow({ technique, events }: Detonation) {
  const calls = events.filter(({ body }) => body.kind === 'api-call')
  const signals = authoritySignals(events).filter(({ strength }) => strength >= CALLED)
  const ids = new Set(calls.filter(isOrdinary).map(({ id }) => id))
  const onTechnique = signals.filter((signal) => signal.events.some((id) => !ids.has(id)))
  const ordinaryOnly = signals.filter((signal) => signal.events.every((id) => ids.has(id)))
  return {
    technique,
    calls: calls.length,
    ordinary: ids.size,
    called: onTechnique.length,
    ordinaryCalled: ordinaryOnly.length,
    detectors: detectorsOf(signals),
  }
}

function isOrdinary({ body }: Event): boolean {
  return body.kind === 'api-call' && ORDINARY.has(body.action)
}

function sampleRow(all: readonly Sample[]) {
  const judged = all.map((sample) => ({ sample, isCalled: isCalled(sample) }))
  const count = (is: (sample: Sample) => boolean): { readonly called: number; readonly of: number } => {
    const some = judged.filter(({ sample }) => is(sample))
    return { called: some.filter((one) => one.isCalled).length, of: some.length }
  }
  const positive = count((sample) => sample.isExpected && isDelta(sample))
  const nearMiss = count((sample) => !sample.isExpected)
  return {
    positive,
    nearMiss,
    /** The vendor's rule fires, and no boundary was crossed. */
    otherPositive: count((sample) => sample.isExpected && !isDelta(sample)),
    unread: all.filter(({ events }) => events.length === 0).length,
    recall: share(positive.called, positive.of),
    precision: share(positive.called, positive.called + nearMiss.called),
  }
}

function isDelta({ rule }: Sample): boolean {
  return !NO_DELTA.has(rule)
}

function isCalled({ events }: Sample): boolean {
  return authoritySignals(events).some(({ strength }) => strength >= CALLED)
}

function detectorsOf(signals: readonly Signal[]): readonly string[] {
  return [...new Set(signals.map(({ detector }) => detector))].toSorted()
}

function sum<T>(rows: readonly T[], of: (row: T) => number): number {
  return rows.reduce((total, row) => total + of(row), 0)
}

/** Undefined where there is nothing to have a share of. */
function share(part: number, whole: number): number | undefined {
  return whole === 0 ? undefined : Math.round((part / whole) * 1000) / 1000
}

function say(row: Readonly<Record<string, unknown>>): void {
  process.stdout.write(`${JSON.stringify(row)}\n`)
}

process.exitCode = main()
