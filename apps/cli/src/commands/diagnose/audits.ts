import { counted } from '@holdfast/model'
import type { SelfAuditsWire, SelfAuditWire } from '@holdfast/api'
import { CliError } from '../../cli-error.ts'
import type { CliContext } from '../../context.ts'
import { inert } from '../../render/inert.ts'
import { formatOf, printList, say } from '../../render/output.ts'
import type { Column } from '../../render/table.ts'
import { openApi } from '../../server/api.ts'
import { resolveAgent } from '../../server/resolve-id.ts'
import type { HistoryFlags, ScheduleFlags } from './command.ts'

/** Prints the audits that were held. */
export async function diagnoseHistory(this: CliContext, flags: HistoryFlags): Promise<void> {
  const api = openApi(this, flags)
  const query = flags.agent === undefined ? {} : { agent: (await resolveAgent(api, flags.agent)).id }
  print(this, flags, await api.call('listSelfAudits', { query }))
}

/** Decides how often audits are held, or shows it. */
export async function diagnoseSchedule(this: CliContext, flags: ScheduleFlags): Promise<void> {
  const { every, reason, agents = [] } = flags
  const api = openApi(this, flags)
  if (every === undefined) return print(this, flags, await api.call('listSelfAudits', { query: {} }))
  if (reason === undefined) throw new CliError('usage', 'say why with --reason: it is recorded')
  const ids: string[] = []
  for (const name of agents) ids.push((await resolveAgent(api, name)).id)
  const body = { everyDays: every, reason, ...(ids.length === 0 ? {} : { agents: ids }) }
  print(this, flags, await api.call('scheduleSelfAudits', { body }))
}

function print(context: CliContext, flags: HistoryFlags, audits: SelfAuditsWire): void {
  const format = formatOf(flags, 'table')
  printList(context, { format, columns: COLUMNS, rows: audits.items, document: audits })
  if (format !== 'table' && format !== 'wide') return
  const { schedule, due } = audits
  if (schedule === undefined || schedule.everyDays === 0) say(context, 'no audit is held by itself')
  else
    say(
      context,
      `every ${counted(schedule.everyDays, 'day')}, decided by ${inert(schedule.by)} (log entry ${schedule.entry})`,
    )
  if (due !== undefined) say(context, `the next is due at ${due}`)
}

function count(verdicts: Readonly<Record<string, string>>, wanted: string): number {
  return Object.values(verdicts).filter((verdict) => verdict === wanted).length
}

const COLUMNS: readonly Column<SelfAuditWire>[] = [
  { title: 'HELD (UTC)', value: ({ recordedAt }) => recordedAt },
  { title: 'AGENT', value: ({ agent }) => agent },
  { title: 'YES', value: ({ verdicts }) => `${count(verdicts.questions, 'yes')} of 5`, align: 'right' },
  { title: 'COVERED', value: ({ verdicts }) => `${count(verdicts.capabilities, 'covered')} of 9`, align: 'right' },
  {
    title: 'CHANGED',
    value: ({ changes }) => changes.map(({ of, from, to }) => `${of} ${from} to ${to}`).join(', ') || '-',
    widest: 60,
  },
  { title: 'BY', value: ({ by }) => by ?? 'schedule' },
  { title: 'ENTRY', value: ({ entry }) => entry, align: 'right' },
  { title: 'REASON', value: ({ reason }) => reason, isWide: true },
]
