import { ours } from '../../called-as.ts'
import type { HuntRowWire } from '@holdfast/api'
import { counted, formatRfc3339, parseUnixNanoText, shellWord } from '@holdfast/model'
import { CliError } from '../../cli-error.ts'
import type { CliContext } from '../../context.ts'
import { instantOf } from '../../instant.ts'
import { PAGE_ROWS, READER_PAGES } from '../../limits.ts'
import { inert } from '../../render/inert.ts'
import { formatOf, printList, say } from '../../render/output.ts'
import type { Column } from '../../render/table.ts'
import { openApi, type Api } from '../../server/api.ts'
import { allAgents } from '../../server/resolve-id.ts'
import type { ReadersFlags } from './command.ts'

/** One execution that read a document, or whose context a value entered. */
export type Reader = {
  readonly conversation: string
  readonly agent: string
  /** Events that speak of it. */
  readonly events: number
  /** Decimal nanoseconds, as claimed; absent where it was looked for by its text. */
  readonly first?: string
  readonly last?: string
  /** The first of these events. */
  readonly event: string
  readonly by: 'id' | 'value'
}

/** Lists who read a document; ends with 0 whatever it finds. */
export async function readers(this: CliContext, flags: ReadersFlags, document?: string): Promise<void> {
  if ((document === undefined) === (flags.text === undefined))
    throw new CliError('usage', 'name a DOCUMENT, or a value of it with --text')
  const window = flags.from ?? flags.to
  if (flags.text !== undefined && window !== undefined)
    throw new CliError('usage', '--from and --to say nothing of --text, which looks through all contexts')
  const format = formatOf(flags, 'table')
  const api = openApi(this, flags)
  const { rows, unread } =
    document === undefined ? await byValue(api, flags.text ?? '') : await byId(api, flags, document)
  printList(this, { format, columns, rows, document: { readers: rows, unread } })
  if (format !== 'table' && format !== 'wide') return
  const agents = new Set(rows.map(({ agent }) => agent)).size
  say(
    this,
    `executions: ${rows.length}, of agents: ${agents}${unread === 0 ? '' : `; ${counted(unread, 'event was', 'events were')} not looked at`}`,
  )
  const [first] = rows
  if (first !== undefined) say(this, ours`next: holdfast graph ${shellWord(inert(first.conversation))}`)
  else if (document !== undefined) say(this, ours`next: holdfast readers --text VALUE finds it by a value of its text`)
}

type Found = { readonly rows: readonly Reader[]; readonly unread: number }

async function byId(api: Api, flags: ReadersFlags, document: string): Promise<Found> {
  const now = Date.now()
  const query = {
    q: `document:"${document.replaceAll(/["\\]/g, String.raw`\$&`)}"`,
    ...(flags.from === undefined ? {} : { from: instantOf('from', flags.from, now) }),
    ...(flags.to === undefined ? {} : { to: instantOf('to', flags.to, now) }),
    limit: PAGE_ROWS,
  }
  const found: HuntRowWire[] = []
  let cursor: string | undefined
  let unread = 0
  for (let page = 0; page < READER_PAGES; page++) {
    const answer = await api.call('hunt', { query: { ...query, ...(cursor === undefined ? {} : { cursor }) } })
    found.push(...answer.items)
    cursor = answer.nextCursor
    unread = cursor === undefined ? 0 : answer.of - answer.scanned
    if (cursor === undefined) break
  }
  return { rows: readersOf(found), unread }
}

/** Events by the execution they are of, the latest read first. */
export function readersOf(rows: readonly HuntRowWire[]): readonly Reader[] {
  const groups = Map.groupBy(rows, ({ values, id }) => values['conversation'] ?? id)
  return [...groups]
    .flatMap(([conversation, events]): readonly Reader[] => {
      const inOrder = events.toSorted((a, b) => compare(a.claimedAt, b.claimedAt))
      const [first, last] = [inOrder[0], inOrder.at(-1)]
      if (first === undefined || last === undefined) return []
      return [
        {
          conversation,
          agent: first.agentName,
          events: events.length,
          first: first.claimedAt,
          last: last.claimedAt,
          event: first.id,
          by: 'id',
        },
      ]
    })
    .toSorted((a, b) => compare(b.last ?? '', a.last ?? ''))
}

async function byValue(api: Api, value: string): Promise<Found> {
  const { items, cut } = await api.call('contexts', { query: { value } })
  const names = new Map((await allAgents(api)).map(({ id, name }) => [id, name]))
  const groups = Map.groupBy(items, ({ conversation }) => conversation)
  const rows = [...groups].flatMap(([conversation, hits]): readonly Reader[] => {
    const [first] = hits
    if (first === undefined) return []
    return [
      {
        conversation,
        agent: names.get(first.agent) ?? first.agent,
        events: hits.length,
        event: first.event,
        by: 'value',
      },
    ]
  })
  return { rows, unread: cut }
}

/** Decimal nanoseconds: the longer is the later. */
function compare(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0)
}

const columns: readonly Column<Reader>[] = [
  { title: 'CONVERSATION', value: ({ conversation }) => conversation },
  { title: 'AGENT', value: ({ agent }) => agent },
  { title: 'EVENTS', value: ({ events }) => events, align: 'right' },
  { title: 'FOUND BY', value: ({ by }) => by },
  { title: 'FIRST (UTC)', value: ({ first }) => utc(first) },
  { title: 'LAST (UTC)', value: ({ last }) => utc(last) },
  { title: 'EVENT', value: ({ event }) => event, isWide: true },
]

function utc(nanos: string | undefined): string | undefined {
  const time = nanos === undefined ? undefined : parseUnixNanoText(nanos)
  return time === undefined ? undefined : formatRfc3339(time)
}
