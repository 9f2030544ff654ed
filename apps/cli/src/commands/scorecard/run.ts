import type { Body, ScorecardWire, ScoreRowWire } from '@holdfast/api'
import { LIFECYCLE_PHASES, type LifecyclePhase, type Score } from '@holdfast/model'
import { CliError } from '../../cli-error.ts'
import type { CliContext } from '../../context.ts'
import { inert } from '../../render/inert.ts'
import { formatOf, printList, say } from '../../render/output.ts'
import type { Column } from '../../render/table.ts'
import { openApi } from '../../server/api.ts'
import type { AddFlags, CardFlags, DecideFlags } from './command.ts'

/** Prints the scorecard. */
export async function scorecardShow(this: CliContext, flags: CardFlags): Promise<void> {
  print(this, flags, await openApi(this, flags).call('getScorecard'))
}

/** Scores one phase of a row. */
export async function scorecardSet(
  this: CliContext,
  flags: DecideFlags,
  row: string,
  phase: LifecyclePhase,
  score: Score,
): Promise<void> {
  await decide(this, flags, { do: 'scored', row, phase, score })
}

/** Adds a row. */
export async function scorecardAdd(this: CliContext, flags: AddFlags, name: string): Promise<void> {
  const row = flags.id ?? idOf(name)
  if (row === '') throw new CliError('usage', `"${inert(name)}" gives no id of letters and digits: name one with --id`)
  await decide(this, flags, { do: 'added', row, name })
}

/** Takes a row away. */
export async function scorecardRemove(this: CliContext, flags: DecideFlags, row: string): Promise<void> {
  await decide(this, flags, { do: 'removed', row })
}

/** Prints what was changed, by whom and why. */
export async function scorecardHistory(this: CliContext, flags: CardFlags): Promise<void> {
  const format = formatOf(flags, 'table')
  const { history } = await openApi(this, flags).call('getScorecard')
  printList(this, { format, columns: CHANGES, rows: history })
  if (history.length === 0 && format === 'table') say(this, 'nothing was changed: it is as it ships')
}

async function decide(
  context: CliContext,
  flags: DecideFlags,
  decision: Body<'decideScorecard'>['decision'],
): Promise<void> {
  const body = { decision, reason: flags.reason }
  print(context, flags, await openApi(context, flags).call('decideScorecard', { body }))
}

function print(context: CliContext, flags: CardFlags, card: ScorecardWire): void {
  printList(context, { format: formatOf(flags, 'table'), columns: COLUMNS, rows: card.rows, document: card })
}

function idOf(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 60)
}

const cellOf = (row: ScoreRowWire, phase: LifecyclePhase) => row.cells.find((cell) => cell.phase === phase)

const COLUMNS: readonly Column<ScoreRowWire>[] = [
  { title: 'ROW', value: ({ id }) => id },
  { title: 'NAME', value: ({ name }) => name },
  ...LIFECYCLE_PHASES.map((phase): Column<ScoreRowWire> => ({
    title: phase.toUpperCase(),
    value: (row) => `${cellOf(row, phase)?.score ?? ''}${cellOf(row, phase)?.changed === undefined ? '' : ' *'}`,
  })),
  ...LIFECYCLE_PHASES.map((phase): Column<ScoreRowWire> => ({
    title: `WHY ${phase.toUpperCase()}`,
    value: (row) => cellOf(row, phase)?.reason,
    isWide: true,
  })),
]

const CHANGES: readonly Column<ScorecardWire['history'][number]>[] = [
  { title: 'AT (UTC)', value: ({ at }) => at },
  { title: 'ROW', value: ({ decision }) => decision.row },
  {
    title: 'CHANGE',
    value: ({ decision }) => (decision.do === 'scored' ? `${decision.phase} ${decision.score}` : decision.do),
  },
  { title: 'BY', value: ({ by }) => by },
  { title: 'REASON', value: ({ reason }) => reason, widest: 80 },
  { title: 'ENTRY', value: ({ entry }) => entry, align: 'right' },
]
