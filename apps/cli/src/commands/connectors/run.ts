import { ours } from '../../called-as.ts'
import type { ConnectorWire, NoticeChannelWire, SweptHoldWire } from '@holdfast/api'
import type { CliContext } from '../../context.ts'
import { inert } from '../../render/inert.ts'
import { formatOf, printList, say } from '../../render/output.ts'
import type { Column } from '../../render/table.ts'
import { openApi } from '../../server/api.ts'
import type { ConnectorsListFlags } from './command.ts'

type Row =
  | ({ readonly kind: 'system'; readonly type: string } & Pick<ConnectorWire, 'name' | 'reaches'>)
  | ({ readonly kind: 'channel' } & NoticeChannelWire)

/** Prints what the server was given to act in and to tell. */
export async function connectorsList(this: CliContext, flags: ConnectorsListFlags): Promise<void> {
  const api = openApi(this, flags)
  const [systems, channels] = await Promise.all([api.call('listConnectors'), api.call('listChannels')])
  const rows: readonly Row[] = [
    ...systems.items.map(({ name, system, reaches }): Row => ({ kind: 'system', name, type: system, reaches })),
    ...channels.items.map((channel): Row => ({ kind: 'channel', ...channel })),
  ]
  printList(this, { format: formatOf(flags, 'table'), columns, rows })
  if (rows.length === 0) say(this, ours`nothing is connected: holdfast up --connectors FILE (docs/connectors.md)`)
}

/** Releases what is over; ends with `check-failed` where something could not be released or looked through. */
export async function connectorsSweep(this: CliContext, flags: ConnectorsListFlags): Promise<void> {
  const swept = await openApi(this, flags).call('sweepConnectors', { body: {} })
  const { items, unasked } = swept
  printList(this, { format: formatOf(flags, 'table'), columns: sweptColumns, rows: items, document: swept })
  for (const { connector, detail } of unasked) {
    say(this, `${inert(connector)} could not be looked through: ${inert(detail)}`)
  }
  if (unasked.length > 0 || items.some(({ status }) => status === 'failed')) this.exit('check-failed')
}

const columns: readonly Column<Row>[] = [
  { title: 'NAME', value: ({ name }) => name },
  { title: 'KIND', value: ({ kind }) => kind },
  { title: 'TYPE', value: ({ type }) => type },
  { title: 'REACHES', value: (row) => (row.kind === 'system' ? row.reaches : undefined), widest: 80 },
  { title: 'WAITING', value: (row) => (row.kind === 'channel' ? row.waiting : undefined), align: 'right' },
  { title: 'DELIVERED', value: (row) => (row.kind === 'channel' ? row.delivered : undefined), align: 'right' },
  { title: 'GIVEN UP', value: (row) => (row.kind === 'channel' ? row.givenUp : undefined), align: 'right' },
  { title: 'NEWEST TRY', value: (row) => (row.kind === 'channel' ? (row.failing ?? 'well') : undefined), widest: 80 },
]

const sweptColumns: readonly Column<SweptHoldWire>[] = [
  { title: 'CONNECTOR', value: ({ connector }) => connector },
  { title: 'TARGET', value: ({ target }) => target, widest: 80 },
  { title: 'INCIDENT', value: ({ incident }) => incident },
  { title: 'OVER SINCE', value: ({ expired }) => expired },
  { title: 'STATUS', value: ({ status }) => status },
  { title: 'DETAIL', value: ({ detail }) => detail, widest: 80 },
]
