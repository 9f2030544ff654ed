import type { AuditHit, AuditList, Query } from '@holdfast/api'
import { counted, formatRfc3339, parseUnixNanoText } from '@holdfast/model'
import type { CliContext } from '../../context.ts'
import { AUDIT_PAGE_ROWS, AUDIT_PAGES, AUDIT_ROWS } from '../../limits.ts'
import { inert } from '../../render/inert.ts'
import { formatOf, printList } from '../../render/output.ts'
import type { Column } from '../../render/table.ts'
import { type Api, openApi } from '../../server/api.ts'
import { resolveAgent } from '../../server/resolve-id.ts'
import type { AuditListFlags } from './command.ts'

/** Lists violations and incidents with the rows that they have. */
export async function auditList(this: CliContext, flags: AuditListFlags): Promise<void> {
  const format = formatOf(flags, 'table')
  const { kind, artifact, limit = AUDIT_ROWS } = flags
  const api = openApi(this, flags)
  const agent = flags.agent === undefined ? undefined : (await resolveAgent(api, flags.agent)).id
  const list = await listOf(api, limit, {
    ...(kind === undefined ? {} : { kind }),
    ...(agent === undefined ? {} : { agent }),
    ...(artifact === undefined ? {} : { artifact }),
  })
  printList(this, { format, columns: COLUMNS, rows: list.items, document: list })
  if (format !== 'table' && format !== 'wide') return
  const facets = list.facets.kind.map(({ value, count }) => `${count} ${value}`).join(', ')
  const older = list.nextCursor === undefined ? '' : ', older ones not yet: raise --limit'
  const cold = list.cold === 0 ? '' : `, ${list.cold} not, being in cold storage that is not there`
  const withheld = list.withheld === 0 ? '' : `; ${list.withheld} more incidents are like those listed and not named`
  this.stdout.write(
    `\n${list.total} (${facets === '' ? 'none' : facets}); ${counted(list.looked, 'entry', 'entries')} looked through for violations${cold}${older}${withheld}\n`,
  )
}

/** Page after page until there are as many as wanted; what the pages count adds up. */
async function listOf(api: Api, limit: number, query: Query<'listAudit'>): Promise<AuditList> {
  const pageOf = (left: number, cursor?: string): Promise<AuditList> =>
    api.call('listAudit', {
      query: { ...query, limit: Math.min(left, AUDIT_PAGE_ROWS), ...(cursor === undefined ? {} : { cursor }) },
    })
  let list = await pageOf(limit)
  for (let page = 1; page < AUDIT_PAGES && list.nextCursor !== undefined && list.items.length < limit; page++)
    list = joined(list, await pageOf(limit - list.items.length, list.nextCursor))
  return list
}

function joined(list: AuditList, { items, facets, total, looked, cold, withheld, nextCursor }: AuditList): AuditList {
  return {
    items: [...list.items, ...items],
    facets: {
      kind: added(list.facets.kind, facets.kind),
      agent: added(list.facets.agent, facets.agent),
      mode: added(list.facets.mode, facets.mode),
      artifact: added(list.facets.artifact, facets.artifact),
    },
    total: list.total + total,
    looked: list.looked + looked,
    cold: list.cold + cold,
    // Of the whole list, as each page says it.
    withheld,
    ...(nextCursor === undefined ? {} : { nextCursor }),
  }
}

type Facet = AuditList['facets']['kind']

function added(one: Facet, other: Facet): Facet {
  const counts = new Map<string, number>()
  for (const { value, count } of [...one, ...other]) counts.set(value, (counts.get(value) ?? 0) + count)
  return [...counts].map(([value, count]) => ({ value, count })).toSorted((a, b) => b.count - a.count)
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
