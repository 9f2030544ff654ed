import { counted } from '@holdfast/model'
import { FLEET_MARKS, type FleetRow, type FleetWire, runwayWords } from '@holdfast/api'
import { remedyAs } from '../../called-as.ts'
import type { CliContext } from '../../context.ts'
import { FLEET_ROWS } from '../../limits.ts'
import { inert } from '../../render/inert.ts'
import { formatOf, printList, say } from '../../render/output.ts'
import { tableText, type Column } from '../../render/table.ts'
import { paintOf } from '../../render/output.ts'
import { openApi } from '../../server/api.ts'
import type { FleetFlags } from './command.ts'

/** Prints how the fleet stands, or the agents behind one of its counts. */
export async function fleet(this: CliContext, flags: FleetFlags): Promise<void> {
  const format = formatOf(flags, 'table')
  const api = openApi(this, flags)
  const { mark, class: named } = flags
  if (mark !== undefined || named !== undefined) {
    const query = {
      limit: FLEET_ROWS,
      ...(mark === undefined ? {} : { mark }),
      ...(named === undefined ? {} : { class: named }),
    }
    const { items, total } = await api.call('listFleetAgents', { query })
    printList(this, { format, columns: agentColumns, rows: items })
    if (items.length < total) say(this, `first ${items.length} of ${total}`)
    return
  }
  const answer = await api.call('getFleet', {})
  printList(this, { format, columns: classColumns(answer), rows: answer.classes, document: answer })
  if (format === 'table' || format === 'wide') this.stdout.write(restText(this, answer))
}

/** A column for each mark that some agent bears. */
function classColumns({ marks }: FleetWire): readonly Column<FleetWire['classes'][number]>[] {
  const borne = FLEET_MARKS.filter((mark) => marks.some((one) => one.mark === mark))
  return [
    { title: 'CLASS', value: (row) => row.class },
    { title: 'AGENTS', value: (row) => row.agents },
    ...borne.map((mark) => ({
      title: mark.toUpperCase(),
      value: (row: FleetWire['classes'][number]) => row.marks.find((one) => one.mark === mark)?.agents ?? 0,
    })),
  ]
}

const agentColumns: readonly Column<FleetRow>[] = [
  { title: 'AGENT', value: (row) => row.name },
  { title: 'CLASS', value: (row) => row.class },
  { title: 'MARKS', value: (row) => row.marks.join(' ') },
  { title: 'HELD', value: (row) => row.rung },
  { title: 'INCIDENTS', value: (row) => row.incidents.join(' ') },
  { title: 'LAST SEEN', value: (row) => row.lastSeen },
  { title: 'VERDICT', value: (row) => row.verdict },
  { title: 'ID', value: (row) => row.agent, isWide: true },
]

function restText(context: CliContext, { agents, observing, blind, ingest, integrity, incidents }: FleetWire): string {
  const paint = paintOf(context)
  const table = <Row>(title: string, columns: readonly Column<Row>[], rows: readonly Row[]): string =>
    rows.length === 0 ? '' : `\n${title}\n${tableText({ columns, rows, paint, isWide: false })}`
  const hour = ingest.hours.at(-1)?.records ?? 0
  return [
    table('Under observation, the longest first', observingColumns, observing),
    table('Blind spots', blindColumns(context.program), blind),
    `\n${counted(agents.total, 'agent')}${agents.read < agents.total ? `, ${agents.read} of them looked at` : ''}${agents.unread > 0 ? `, the profiles of ${agents.unread} not read yet: ask again` : ''}; ${incidents.open} open incidents${incidents.truncated ? ' at least' : ''}\n`,
    `ingest ${ingest.state}${ingest.last === undefined ? '' : `, last ${ingest.last}`}: ${counted(hour, 'record')} this hour, ${ingest.lag} not folded yet, ${ingest.refused} refused, ${ingest.lost} lost\n`,
    `log of ${counted(integrity.size, 'entry', 'entries')}, signed up to ${integrity.checkpoint}; ${counted(integrity.gaps, 'gap')}; the disk lasts: ${runwayWords(integrity)}\n`,
  ].join('')
}

const observingColumns: readonly Column<FleetRow>[] = [
  { title: 'AGENT', value: (row) => row.name },
  { title: 'CLASS', value: (row) => row.class },
  {
    title: 'DAYS',
    value: (row) => (row.observed === undefined ? '' : `${row.observed.days} of ${row.observed.ofDays}`),
  },
  {
    title: 'OBSERVATIONS',
    value: (row) =>
      row.observed === undefined ? '' : `${row.observed.observations} of ${row.observed.ofObservations}`,
  },
  { title: 'VERDICT', value: (row) => row.verdict },
]

const blindColumns = (program: string | undefined): readonly Column<FleetWire['blind'][number]>[] => [
  { title: 'COUNT', value: (row) => (row.of === undefined ? `${row.count}` : `${row.count} of ${row.of}`) },
  { title: 'WHAT', value: (row) => row.title },
  { title: 'WHY', value: (row) => row.detail },
  { title: 'FIX', value: (row) => (row.remedy === undefined ? undefined : remedyAs(inert(row.remedy), program)) },
]
