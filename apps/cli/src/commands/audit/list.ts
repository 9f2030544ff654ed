import type { AuditHit } from '@holdfast/api'
import { formatRfc3339, parseUnixNanoText } from '@holdfast/model'
import type { CliContext } from '../../context.ts'
import { inert } from '../../render/inert.ts'
import { formatOf, printList } from '../../render/output.ts'
import type { Column } from '../../render/table.ts'
import { openApi } from '../../server/api.ts'
import { resolveAgent } from '../../server/resolve-id.ts'
import type { AuditListFlags } from './command.ts'

/** Lists violations and incidents with the rows that they have. */
export async function auditList(this: CliContext, flags: AuditListFlags): Promise<void> {
  const format = formatOf(flags, 'table')
  const { kind, artifact, limit } = flags
  const api = openApi(this, flags)
  const agent = flags.agent === undefined ? undefined : (await resolveAgent(api, flags.agent)).id
  const list = await api.call('listAudit', {
    query: {
      ...(kind === undefined ? {} : { kind }),
      ...(agent === undefined ? {} : { agent }),
      ...(artifact === undefined ? {} : { artifact }),
      ...(limit === undefined ? {} : { limit }),
    },
  })
  printList(this, { format, columns: COLUMNS, rows: list.items, document: list })
  if (format !== 'table' && format !== 'wide') return
  const facets = list.facets.kind.map(({ value, count }) => `${count} ${value}`).join(', ')
  this.stdout.write(
    `\n${list.total} (${facets === '' ? 'none' : facets}); ${list.looked} entries looked through for violations\n`,
  )
}

const COLUMNS: readonly Column<AuditHit>[] = [
  { title: 'AT', value: ({ at }) => timeText(at) },
  { title: 'KIND', value: ({ kind }) => kind },
  { title: 'MODE', value: ({ mode }) => mode ?? '-' },
  { title: 'AGENT', value: ({ agent }) => inert(agent), widest: 40 },
  { title: 'ROW', value: ({ row }) => inert(row), widest: 60 },
  { title: 'WHAT', value: ({ words }) => inert(words), widest: 60 },
]

function timeText(nanos: string): string {
  const time = parseUnixNanoText(nanos)
  return time === undefined ? nanos : formatRfc3339(time)
}
