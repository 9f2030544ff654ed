import type { DutiesWire, DutyClockWire } from '@holdfast/api'
import { CliError } from '../../cli-error.ts'
import type { CliContext } from '../../context.ts'
import { formatOf, printList } from '../../render/output.ts'
import type { Column } from '../../render/table.ts'
import { openApi } from '../../server/api.ts'
import { resolveIncident } from '../../server/resolve-id.ts'
import type { ClockFlags, DecideDutyFlags, DutyFlags } from './command.ts'

/** Lists the regimes. */
export async function dutiesList(this: CliContext, flags: DutyFlags): Promise<void> {
  print(this, flags, await openApi(this, flags).call('listDuties'))
}

/** Turns a regime on. */
export async function dutiesEnable(this: CliContext, flags: DecideDutyFlags, regime: string): Promise<void> {
  const body = { regime, decision: 'enabled', reason: flags.reason } as const
  print(this, flags, await openApi(this, flags).call('decideDuty', { body }))
}

/** Turns a regime off. */
export async function dutiesDisable(this: CliContext, flags: DecideDutyFlags, regime: string): Promise<void> {
  const body = { regime, decision: 'disabled', reason: flags.reason } as const
  print(this, flags, await openApi(this, flags).call('decideDuty', { body }))
}

/** Shows the clocks of an incident, or states what they count from. */
export async function dutiesClocks(this: CliContext, flags: ClockFlags, id: string): Promise<void> {
  const { moment, notified, at, reason } = flags
  const api = openApi(this, flags)
  if (moment !== undefined && notified !== undefined) throw new CliError('usage', 'state one thing at a time')
  if ((moment ?? notified) !== undefined && reason === undefined)
    throw new CliError('usage', 'say why with --reason: it is recorded')
  const incident = await resolveIncident(api, id)
  const [regime = '', stage = ''] = (notified ?? '').split('/')
  const dated = { reason: reason ?? '', ...(at === undefined ? {} : { at }) }
  const clocks =
    moment !== undefined
      ? await api.call('stateDuty', { params: { incident }, body: { do: 'moment', start: moment, ...dated } })
      : notified !== undefined
        ? await api.call('stateDuty', { params: { incident }, body: { do: 'notified', regime, stage, ...dated } })
        : await api.call('getDutyClocks', { params: { incident } })
  const format = formatOf(flags, 'table')
  printList(this, { format, columns: CLOCKS, rows: clocks.clocks, document: clocks })
  if (format === 'table' || format === 'wide') this.stdout.write(`\n${clocks.notice}\n`)
}

function print(context: CliContext, flags: DutyFlags, duties: DutiesWire): void {
  const format = formatOf(flags, 'table')
  printList(context, { format, columns: REGIMES, rows: duties.regimes, document: duties })
  if (format === 'table' || format === 'wide')
    context.stdout.write(`\n${duties.notice} Reviewed by ${duties.reviewedBy}.\n`)
}

const REGIMES: readonly Column<DutiesWire['regimes'][number]>[] = [
  { title: 'ID', value: ({ id }) => id },
  { title: 'ON', value: ({ enabled }) => (enabled ? 'yes' : 'no') },
  { title: 'JURISDICTION', value: ({ jurisdiction }) => jurisdiction },
  { title: 'REGIME', value: ({ regime }) => regime, widest: 60 },
  { title: 'CONCERNS', value: ({ tags }) => tags.join(' ') },
  { title: 'HOURS', value: ({ disruptionHours }) => disruptionHours ?? '-', align: 'right' },
  { title: 'REVIEWED', value: ({ lastReviewed }) => lastReviewed },
  { title: 'GRADE', value: ({ grade }) => grade },
]

const CLOCKS: readonly Column<DutyClockWire>[] = [
  { title: 'REGIME', value: ({ regime }) => regime },
  { title: 'STAGE', value: ({ stage }) => stage },
  { title: 'STATUS', value: ({ status }) => status },
  { title: 'FROM', value: ({ from }) => from },
  { title: 'STARTED', value: ({ startedAt }) => startedAt ?? '-' },
  { title: 'DUE', value: ({ dueAt }) => dueAt ?? '-' },
  { title: 'TO', value: ({ recipients }) => recipients.join(', '), widest: 60 },
]
