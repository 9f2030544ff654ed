import type { CliContext } from '../../context.ts'
import { formatOf, printList } from '../../render/output.ts'
import type { Column } from '../../render/table.ts'
import { openApi } from '../../server/api.ts'
import { resolveAgent } from '../../server/resolve-id.ts'
import type { IncidentsReportFlags } from './command.ts'

type Row = {
  readonly reportId: string
  readonly conversation: string
  readonly incident: string
  readonly entry: number
}

/** Records a person's report, and prints under which id the incident will be listed. */
export async function incidentsReport(this: CliContext, flags: IncidentsReportFlags, name: string): Promise<void> {
  const format = formatOf(flags, 'table')
  const api = openApi(this, flags)
  const agent = await resolveAgent(api, name)
  const { conversation, type, reason, withdraw } = flags
  const body = {
    agent: agent.id,
    conversation,
    type,
    reason,
    ...(withdraw === undefined ? {} : { withdraws: withdraw }),
  }
  const row = await api.call('reportIncident', { body })
  printList(this, { format, columns, rows: [row], document: row })
}

const columns: readonly Column<Row>[] = [
  { title: 'REPORT', value: ({ reportId }) => reportId },
  { title: 'INCIDENT', value: ({ incident }) => incident },
  { title: 'CONVERSATION', value: ({ conversation }) => conversation, widest: 60 },
  { title: 'ENTRY', value: ({ entry }) => `#${entry}` },
]
