import { ours } from '../../called-as.ts'
import type { NoticeWire } from '@holdfast/api'
import type { CliContext } from '../../context.ts'
import { inert } from '../../render/inert.ts'
import { formatOf, printDocument, printList, say } from '../../render/output.ts'
import type { Column } from '../../render/table.ts'
import { openApi } from '../../server/api.ts'
import type { NoticesListFlags, NoticesReplayFlags } from './command.ts'

const LISTED = 500

/** Prints what was told. */
export async function noticesList(this: CliContext, flags: NoticesListFlags): Promise<void> {
  const { incident, status } = flags
  const query = {
    limit: LISTED,
    ...(incident === undefined ? {} : { incident }),
    ...(status === undefined ? {} : { status }),
  }
  const { items, total, older } = await openApi(this, flags).call('listNotices', { query })
  printList(this, { format: formatOf(flags, 'table'), columns, rows: items })
  if (items.length === 0) say(this, ours`nothing was told: holdfast connectors list says who listens`)
  if (total > items.length) say(this, `${total - items.length} more are not listed: --incident or --status narrows it`)
  if (older > 0) say(this, ours`${older} older ones are in the log alone: holdfast tail`)
}

/** Sends one again. */
export async function noticesReplay(this: CliContext, flags: NoticesReplayFlags, notice: string): Promise<void> {
  const { channel } = flags
  const replayed = await openApi(this, flags).call('replayNotice', {
    params: { notice },
    body: channel === undefined ? {} : { channel },
  })
  const format = formatOf(flags, 'table')
  if (format !== 'table') return printDocument(this, format, replayed)
  const waiting = replayed.deliveries.filter(({ status }) => status === 'waiting')
  const to = channel === undefined ? waiting.map(({ channel: name }) => name) : [channel]
  say(
    this,
    ours`${inert(replayed.id)} is sent again${to.length === 0 ? '' : ` to ${to.map(inert).join(', ')}`}: holdfast notices list says how it went`,
  )
}

/** Column values are made inert where they are printed. */
const columns: readonly Column<NoticeWire>[] = [
  { title: 'TIME (UTC)', value: ({ at }) => new Date(Number(BigInt(at) / 1_000_000n)).toISOString().slice(0, 19) },
  { title: 'KIND', value: ({ kind }) => kind },
  { title: 'SEVERITY', value: ({ severity }) => severity },
  { title: 'TITLE', value: ({ title }) => title, widest: 70 },
  {
    title: 'DELIVERIES',
    value: ({ deliveries }) => deliveries.map(deliveryText).join(', ') || 'nobody listened',
    widest: 60,
  },
  { title: 'NOTICE', value: ({ id }) => id, widest: 200 },
  { title: 'INCIDENT', value: ({ incident }) => incident, isWide: true },
  { title: 'ENTRY', value: ({ entry }) => entry, align: 'right', isWide: true },
]

function deliveryText({ channel, status, attempts, code }: NoticeWire['deliveries'][number]): string {
  const tries = attempts > 1 || status === 'waiting' ? ` after ${attempts} tries` : ''
  return `${channel} ${status}${code === undefined || status === 'delivered' ? '' : ` (${code})`}${tries}`
}
