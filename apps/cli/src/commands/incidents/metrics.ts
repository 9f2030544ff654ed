import { type ResponseFigure, responseFigures } from '@holdfast/api'
import type { CliContext } from '../../context.ts'
import { formatOf, printList } from '../../render/output.ts'
import type { Column } from '../../render/table.ts'
import { openApi } from '../../server/api.ts'
import type { MetricsFlags } from './learn-commands.ts'

/** Prints the figures of all cases. */
export async function incidentsMetrics(this: CliContext, flags: MetricsFlags): Promise<void> {
  const format = formatOf(flags, 'table')
  const metrics = await openApi(this, flags).call('getResponseMetrics', {})
  printList(this, { format, columns, rows: responseFigures(metrics), document: metrics })
}

const columns: readonly Column<ResponseFigure>[] = [
  { title: 'FIGURE', value: ({ figure }) => figure },
  { title: 'VALUE', value: ({ value }) => value },
  { title: 'FROM', value: ({ from }) => from },
]
