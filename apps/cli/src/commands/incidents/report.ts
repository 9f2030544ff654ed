import { CliError } from '../../cli-error.ts'
import type { CliContext } from '../../context.ts'
import { formatOf, printList } from '../../render/output.ts'
import type { Column } from '../../render/table.ts'
import { openApi } from '../../server/api.ts'
import { resolveAgent } from '../../server/resolve-id.ts'
import type { IncidentsReportFlags } from './command.ts'

type Row = {
  readonly reportId: string
  readonly status: 'reported' | 'withdrawn'
  readonly conversation: string
  readonly incident: string
  readonly entry: number
}

/** Records a person's report, or takes one back; prints under which id the incident will be, or was, listed. */
export async function incidentsReport(this: CliContext, flags: IncidentsReportFlags, name?: string): Promise<void> {
  const format = formatOf(flags, 'table')
  const { conversation, type, reason, withdraw } = flags
  const api = openApi(this, flags)
  if (withdraw === undefined && (name === undefined || conversation === undefined || type === undefined))
    throw new CliError('usage', 'a report needs AGENT, --conversation and --type; only --withdraw ID does without')
  const about =
    withdraw === undefined && name !== undefined && conversation !== undefined && type !== undefined
      ? { agent: (await resolveAgent(api, name)).id, conversation, type }
      : { withdraws: withdraw }
  const row = await api.call('reportIncident', { body: { ...about, reason } })
  printList(this, { format, columns, rows: [row], document: row })
}

const columns: readonly Column<Row>[] = [
  { title: 'STATUS', value: ({ status }) => status },
  { title: 'REPORT', value: ({ reportId }) => reportId },
  { title: 'INCIDENT', value: ({ incident }) => incident },
  { title: 'CONVERSATION', value: ({ conversation }) => conversation, widest: 60 },
  { title: 'ENTRY', value: ({ entry }) => `#${entry}` },
]
