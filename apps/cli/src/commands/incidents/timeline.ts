import type { TimelineMoment } from '@holdfast/api'
import { formatRfc3339, type UnixNano } from '@holdfast/model'
import type { CliContext } from '../../context.ts'
import { formatOf, printList, say } from '../../render/output.ts'
import type { Column } from '../../render/table.ts'
import { openApi } from '../../server/api.ts'
import { resolveIncident } from '../../server/resolve-id.ts'
import type { IncidentsTimelineFlags } from './note-commands.ts'

/** Prints everything that happened about an incident, the earliest first. */
export async function incidentsTimeline(this: CliContext, flags: IncidentsTimelineFlags, id: string): Promise<void> {
  const format = formatOf(flags, 'table')
  const api = openApi(this, flags)
  const { items, total, forgotten } = await api.call('getIncidentTimeline', {
    params: { incident: await resolveIncident(api, id) },
    query: flags.limit === undefined ? {} : { limit: flags.limit },
  })
  // The server wrote each from a UnixNano.
  const rows = items.map((moment) => ({ ...moment, at: formatRfc3339(BigInt(moment.at) as UnixNano) }))
  printList(this, { format, columns, rows })
  if (items.length < total) say(this, `the newest ${items.length} of ${total}: --limit ${total}`)
  if (forgotten > 0) say(this, `partial: ${forgotten} places in the log, of whatever incident, are not looked up`)
}

const columns: readonly Column<TimelineMoment>[] = [
  { title: 'TIME (UTC)', value: ({ at }) => at },
  { title: 'KIND', value: ({ kind }) => kind },
  { title: 'WHO', value: ({ who }) => who, widest: 32 },
  { title: 'WHAT', value: ({ words }) => words, widest: 100 },
  { title: 'ENTRIES', value: ({ entries }) => entries.map((entry) => `#${entry}`).join(' '), widest: 24 },
  { title: 'ABOUT', value: ({ about }) => about, isWide: true },
  { title: 'EVENT', value: ({ event }) => event ?? '', isWide: true },
]
