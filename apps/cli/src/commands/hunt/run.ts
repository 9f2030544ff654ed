import { ours } from '../../called-as.ts'
import type { Answer, HuntFacetWire, HuntRowWire, Query, SavedViewWire } from '@holdfast/api'
import {
  counted,
  formatRfc3339,
  parseHuntQuery,
  parseUnixNano,
  parseUnixNanoText,
  type UnixNano,
} from '@holdfast/model'
import { CliError } from '../../cli-error.ts'
import type { CliContext } from '../../context.ts'
import { instantOf } from '../../instant.ts'
import { HUNT_PAGE_ROWS, HUNT_PAGES, LIST_ROWS, STACK_ROWS } from '../../limits.ts'
import { inert } from '../../render/inert.ts'
import { formatOf, printList, say } from '../../render/output.ts'
import type { Column } from '../../render/table.ts'
import { openApi, type Api } from '../../server/api.ts'
import type { HuntFlags } from './command.ts'
import { inTextsWords } from './in-texts.ts'

type Asked = Pick<Query<'hunt'>, 'q' | 'from' | 'to' | 'clock'>

/** Searches all events, or counts their values; saves, lists and removes views. */
export async function hunt(this: CliContext, flags: HuntFlags, ...terms: readonly string[]): Promise<void> {
  const typed = terms.join(' ')
  assertOneAnswer(flags)
  assertReadable(typed)
  const api = openApi(this, flags)
  if (flags.removeView !== undefined) return await removeView(this, api, flags.removeView)
  if (flags.views)
    return printList(this, { format: formatOf(flags, 'table'), columns: viewColumns, rows: await views(api) })
  const asked = await askedOf(api, flags, typed)
  if (flags.saveAs !== undefined) return await saveView(this, api, { name: flags.saveAs, flags, asked })
  if (flags.facets || flags.stack !== undefined) return await printFacets(this, api, { flags, asked })
  await printRows(this, api, { flags, asked })
}

/** A flag that cannot apply is an error, never ignored. */
function assertOneAnswer(flags: HuntFlags): void {
  const asked = [
    flags.facets && '--facets',
    flags.stack !== undefined && '--stack',
    flags.saveAs !== undefined && '--save-as',
    flags.views && '--views',
    flags.removeView !== undefined && '--remove-view',
  ].filter((name) => name !== false)
  if (asked.length > 1) throw new CliError('usage', `${asked.join(' and ')} ask for different things: give one`)
  if (flags.minutes !== undefined && flags.around === undefined)
    throw new CliError('usage', '--minutes says how far --around reaches: give --around EVENT')
  if (flags.around !== undefined && (flags.from ?? flags.to) !== undefined)
    throw new CliError('usage', '--around sets the time: --from and --to cannot go with it')
  if (flags.limit !== undefined && asked.length > 0)
    throw new CliError('usage', `--limit counts events: it cannot go with ${asked[0]}`)
}

function assertReadable(typed: string): void {
  const parsed = parseHuntQuery(typed)
  if (parsed.status === 'ok') return
  const at = `${inert(typed)}\n${' '.repeat(inert(typed.slice(0, parsed.at)).length)}${'^'.repeat(parsed.length)}`
  throw new CliError('usage', `${parsed.reason}, at character ${parsed.at + 1}:\n${at}`)
}

async function askedOf(api: Api, flags: HuntFlags, typed: string): Promise<Asked> {
  const view = flags.view === undefined ? undefined : await viewNamed(api, flags.view)
  const around = flags.around === undefined ? undefined : await windowAround(api, flags)
  const now = Date.now()
  const from = flags.from ?? view?.from
  const to = flags.to ?? view?.to
  const clock = flags.clock ?? view?.clock
  const q = [view?.q ?? '', typed].filter((part) => part !== '').join(' ')
  return {
    ...(q === '' ? {} : { q }),
    ...(from === undefined ? {} : { from: instantOf('from', from, now) }),
    ...(to === undefined ? {} : { to: instantOf('to', to, now) }),
    ...(clock === undefined ? {} : { clock }),
    ...around,
  }
}

const MINUTE_NANOS = 60_000_000_000n

async function windowAround(api: Api, { around = '', minutes = 5, clock }: HuntFlags): Promise<Asked> {
  const event = await api.call('getEvent', { params: { event: around } })
  const at = parseUnixNanoText(clock === 'recorded' ? event.recordedAt : event.claimedAt) ?? 0n
  const span = BigInt(minutes) * MINUTE_NANOS
  const text = (time: bigint): string => formatRfc3339(parseUnixNano(time) ?? (0n as UnixNano)) // 0 is a time
  return { from: text(at > span ? at - span : 0n), to: text(at + span + 1n) }
}

type Wanted = { readonly flags: HuntFlags; readonly asked: Asked }

async function printRows(context: CliContext, api: Api, { flags, asked }: Wanted): Promise<void> {
  const limit = flags.limit ?? LIST_ROWS
  const rows: HuntRowWire[] = []
  let answer: Answer<'hunt'> | undefined
  let [scanned, read, unread, pages] = [0, 0, 0, 0]
  for (let cursor: string | undefined; pages < HUNT_PAGES && rows.length < limit; cursor = answer.nextCursor) {
    const query = {
      ...asked,
      limit: Math.min(HUNT_PAGE_ROWS, limit - rows.length),
      ...(cursor === undefined ? {} : { cursor }),
    }
    answer = await api.call('hunt', { query })
    rows.push(...answer.items)
    scanned += answer.scanned
    read += answer.texts?.read ?? 0
    unread += answer.texts?.unread ?? 0
    pages += 1
    if (answer.nextCursor === undefined) break
  }
  printList(context, { format: formatOf(flags, 'table'), columns: rowColumns, rows })
  const rest =
    answer?.nextCursor === undefined ? '' : `, the newest ${scanned} of ${counted(answer.of, 'event')} looked through`
  const texts =
    answer?.texts === undefined ? '' : `; texts of ${read} log entries read, ${unread} of them erased or cold`
  const behind = (answer?.behind ?? 0) > 0 ? `; ${answer?.behind} log entries still to be read in` : ''
  say(context, `${counted(rows.length, 'event')}${rest}${texts}${behind}${windowWords(answer)}`)
  // A program that reads the answer asks for texts itself: each look into them is on record.
  if (rows.length > 0 || formatOf(flags, 'table') !== 'table') return
  const inTexts = await inTextsWords(api, asked)
  if (inTexts !== undefined) say(context, inTexts)
}

function windowWords(answer: Answer<'hunt'> | undefined): string {
  const { from, to } = answer?.understood ?? {}
  return `${from === undefined ? '' : `; from ${from}`}${to === undefined ? '' : `; to ${to}`}`
}

async function printFacets(context: CliContext, api: Api, { flags, asked }: Wanted): Promise<void> {
  const { stack } = flags
  const query = { ...asked, ...(stack === undefined ? {} : { fields: stack, top: STACK_ROWS }) }
  const answer = await api.call('huntFacets', { query })
  const rows = answer.facets.flatMap(({ field, values }) => values.map((value) => ({ field, ...value })))
  printList(context, { format: formatOf(flags, 'table'), columns: valueColumns, rows, document: answer })
  const more = answer.facets.filter(({ rest }) => rest > 0).map(({ field, distinct }) => `${field} ${distinct}`)
  const rest = answer.nextCursor === undefined ? '' : `, counted over the newest ${answer.scanned}`
  say(
    context,
    `${answer.matched} of ${counted(answer.of, 'event')}${rest}${more.length === 0 ? '' : `; more values than shown: ${more.join(', ')}`}`,
  )
}

async function views(api: Api): Promise<readonly SavedViewWire[]> {
  return (await api.call('listSavedViews')).items
}

async function viewNamed(api: Api, name: string): Promise<SavedViewWire> {
  const all = await views(api)
  const found = all.find((view) => view.name === name || view.id === name)
  if (found === undefined)
    throw new CliError('not-found', `no saved view "${inert(name)}"`, {
      remedy: ours`holdfast hunt --views lists them`,
    })
  return found
}

type Saving = { readonly name: string; readonly flags: HuntFlags; readonly asked: Asked }

/** A name that is there already is replaced: the log keeps what it was. */
async function saveView(context: CliContext, api: Api, { name, flags, asked }: Saving): Promise<void> {
  const { from, to } = flags
  const body = {
    name,
    q: asked.q ?? '',
    // As typed, so that 2h stays two hours; of an event's surroundings the window.
    ...(from === undefined ? (asked.from === undefined ? {} : { from: asked.from }) : { from }),
    ...(to === undefined ? (asked.to === undefined ? {} : { to: asked.to }) : { to }),
    ...(asked.clock === undefined ? {} : { clock: asked.clock }),
  }
  const all = await views(api)
  const known = all.find((view) => view.name === name)
  // Of a view that is replaced, or made of another, the columns stay: no flag speaks of them.
  const columns = (known ?? all.find((view) => view.name === flags.view || view.id === flags.view))?.columns
  const kept = { ...body, ...(columns === undefined ? {} : { columns }) }
  const saved =
    known === undefined
      ? await api.call('saveView', { body: kept })
      : await api.call('changeView', { params: { view: known.id }, body: kept })
  printList(context, { format: formatOf(flags, 'table'), columns: viewColumns, rows: [saved] })
}

async function removeView(context: CliContext, api: Api, name: string): Promise<void> {
  const { id } = await viewNamed(api, name)
  const { entry } = await api.call('removeView', { params: { view: id } })
  say(context, `removed; log entry ${entry} says so`)
}

const rowColumns: readonly Column<HuntRowWire>[] = [
  { title: 'HAPPENED (UTC)', value: ({ claimedAt }) => timeText(claimedAt) },
  {
    title: 'AGENT',
    value: ({ agentName }) => agentName,
    paint: ({ values }, text, paint) => paint.agent(values['agent'] ?? '', text),
    widest: 24,
  },
  { title: 'KIND', value: ({ values }) => values['kind'] },
  { title: 'EVENT', value: ({ label }) => label },
  { title: 'DESTINATION', value: ({ values }) => values['destination'], widest: 32 },
  { title: 'OUTCOME', value: ({ values }) => values['outcome'] },
  { title: 'ENTRY', value: ({ entry }) => entry, align: 'right' },
  { title: 'TOOL', value: ({ values }) => values['tool'], isWide: true },
  { title: 'FILE', value: ({ values }) => values['file'], isWide: true },
  { title: 'IDENTITY', value: ({ values }) => values['identity'], isWide: true },
  { title: 'INCIDENT', value: ({ values }) => values['incident'], isWide: true },
  { title: 'CONVERSATION', value: ({ values }) => values['conversation'], isWide: true },
  { title: 'EVENT ID', value: ({ id }) => id, isWide: true },
]

type ValueRow = { readonly field: string } & HuntFacetWire['values'][number]

const valueColumns: readonly Column<ValueRow>[] = [
  { title: 'FIELD', value: ({ field }) => field },
  { title: 'EVENTS', value: ({ count }) => count, align: 'right' },
  { title: 'VALUE', value: ({ value }) => value },
  { title: 'NAME', value: ({ label }) => label },
]

const viewColumns: readonly Column<SavedViewWire>[] = [
  { title: 'NAME', value: ({ name }) => name },
  { title: 'QUERY', value: ({ q }) => q },
  { title: 'FROM', value: ({ from }) => from },
  { title: 'TO', value: ({ to }) => to },
  { title: 'BY', value: ({ by }) => by },
  { title: 'SAVED (UTC)', value: ({ savedAt }) => timeText(savedAt) },
  { title: 'ID', value: ({ id }) => id, isWide: true },
]

function timeText(nanos: string): string {
  const time = parseUnixNanoText(nanos)
  return time === undefined ? '' : formatRfc3339(time)
}
