import type { NoticeChannelWire } from '@holdfast/api'
import { CliError } from '../../cli-error.ts'
import type { CliContext } from '../../context.ts'
import { inert } from '../../render/inert.ts'
import { formatOf, printDocument, printList, say } from '../../render/output.ts'
import type { Column } from '../../render/table.ts'
import { openApi } from '../../server/api.ts'
import type { ConnectorsListFlags, ConnectorsTestFlags } from './command.ts'

/** Prints the channels. */
export async function connectorsList(this: CliContext, flags: ConnectorsListFlags): Promise<void> {
  const { items } = await openApi(this, flags).call('listChannels')
  printList(this, { format: formatOf(flags, 'table'), columns, rows: items })
  if (items.length === 0) say(this, 'no channel is configured: holdfast up --connectors FILE (docs/connectors.md)')
}

/** Sends a test notice. Ends with a finding where it did not arrive at the first try. */
export async function connectorsTest(this: CliContext, flags: ConnectorsTestFlags, channel: string): Promise<void> {
  const tried = await openApi(this, flags).call('testChannel', { params: { channel } })
  const format = formatOf(flags, 'table')
  if (format !== 'table') printDocument(this, format, tried)
  else if (tried.status === 'delivered') say(this, `${inert(channel)}: delivered (${inert(tried.detail ?? '')})`)
  if (tried.status === 'delivered') return
  const remedy = 'mend it in connectors.yaml, restart the server, and try again'
  throw new CliError('check-failed', `${inert(channel)}: ${inert(tried.detail ?? 'not tried yet')}`, { remedy })
}

const columns: readonly Column<NoticeChannelWire>[] = [
  { title: 'NAME', value: ({ name }) => name },
  { title: 'TYPE', value: ({ type }) => type },
  { title: 'WAITING', value: ({ waiting }) => waiting, align: 'right' },
  { title: 'DELIVERED', value: ({ delivered }) => delivered, align: 'right' },
  { title: 'GIVEN UP', value: ({ givenUp }) => givenUp, align: 'right' },
  { title: 'NEWEST TRY', value: ({ failing }) => failing ?? 'well', widest: 80 },
]
