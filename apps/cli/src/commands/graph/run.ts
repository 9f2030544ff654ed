import { ours } from '../../called-as.ts'
import { pathSegment, type Conversation, type ExecutionGraphWire, type GraphRow, type Query } from '@holdfast/api'
import { counted, isProven, shellWord } from '@holdfast/model'
import { CliError } from '../../cli-error.ts'
import type { CliContext } from '../../context.ts'
import { instantOf } from '../../instant.ts'
import { GRAPH_ROWS, PAGE_ROWS } from '../../limits.ts'
import { inert } from '../../render/inert.ts'
import { formatOf, paintOf, printDocument, printList, say } from '../../render/output.ts'
import { openApi, type Api } from '../../server/api.ts'
import { resolveConversation } from '../../server/resolve-id.ts'
import type { GraphFlags } from './command.ts'
import { joinRows, treeColumns, unjoinedText, type TreeRow } from './tree.ts'
import { printValues } from './values.ts'

/** Prints the execution graph of one conversation. */
export async function graph(this: CliContext, flags: GraphFlags, id: string): Promise<void> {
  const format = formatOf(flags, 'table')
  if (flags.values !== undefined && flags.limit !== undefined)
    throw new CliError('usage', '--limit counts rows of the tree, and --values prints none')
  const api = openApi(this, flags)
  const conversation = await resolveConversation(api, id)
  const sight = await sightOf(api, flags)
  const whole = await api.call('getGraph', { params: { conversation: conversation.id }, query: sight })
  if (flags.values !== undefined) return await printValues(this, { api, graph: whole, id: flags.values, format })
  if (format === 'json' || format === 'yaml') {
    printDocument(this, format, whole)
    return
  }
  const isTable = format === 'table' || format === 'wide'
  const limit = flags.limit ?? (isTable ? GRAPH_ROWS : whole.nodes.length)
  const rows = joinRows(whole, await rowsOf(api, conversation.id, { limit, sight }))
  if (!isTable) {
    printList(this, { format, columns: treeColumns, rows })
    return
  }
  this.stdout.write(headOf(this, conversation, whole))
  if (sight.at !== undefined)
    say(this, `as of ${sight.at}: ${sight.by === 'known' ? 'what the log knew' : 'what had begun'} by then`)
  const { joined = [], unjoined = [] } = Object.groupBy(rows, (row) => (row.unjoined ? 'unjoined' : 'joined'))
  if (joined.length > 0 || unjoined.length === 0) printList(this, { format, columns: treeColumns, rows: joined })
  if (whole.unjoined.length > 0) this.stdout.write(`\n${unjoinedText(whole.unjoined)}\n\n`)
  if (unjoined.length > 0) printList(this, { format, columns: treeColumns, rows: unjoined })
  sayRest(this, conversation, whole, rows)
}

type Sight = Query<'getGraph'>

/** What is looked at, as the API takes it. */
async function sightOf(api: Api, { at, known, with: others = [] }: GraphFlags): Promise<Sight> {
  if (known && at === undefined)
    throw new CliError('usage', '--known says by which clock --at is meant', { remedy: 'give --at T too' })
  const ids: string[] = []
  for (const other of others) ids.push(pathSegment((await resolveConversation(api, other)).id))
  return {
    ...(at === undefined ? {} : { at: instantOf('at', at, Date.now()) }),
    ...(known ? { by: 'known' as const } : {}),
    ...(ids.length === 0 ? {} : { with: ids.join(',') }),
  }
}

/** Rows in causal order, as the tree of the workspace shows them. */
async function rowsOf(
  api: Api,
  conversation: string,
  { limit, sight }: { readonly limit: number; readonly sight: Sight },
): Promise<readonly GraphRow[]> {
  const rows: GraphRow[] = []
  let cursor: string | undefined
  while (rows.length < limit) {
    const answer = await api.call('listRows', {
      params: { conversation },
      query: { ...sight, limit: Math.min(PAGE_ROWS, limit - rows.length), ...(cursor ? { cursor } : {}) },
    })
    rows.push(...answer.items)
    cursor = answer.nextCursor
    if (cursor === undefined || answer.items.length === 0) break
  }
  return rows
}

function headOf(context: CliContext, conversation: Conversation, whole: ExecutionGraphWire): string {
  const paint = paintOf(context)
  const agents = conversation.agents.map((agent) => paint.agent(agent.id, inert(agent.name))).join(', ')
  const inferred = whole.edges.filter((edge) => !isProven(edge.basis)).length
  const clock = conversation.clock === 'live' ? '' : paint.warn(` · ${conversation.clock} clock`)
  return [
    `${paint.bold(inert(conversation.id))} · ${agents}${clock}`,
    triggerText(conversation.title),
    `${counted(whole.nodes.length, 'step')} · ${counted(whole.edges.length, 'join')}, ${inferred} of them inferred · ${counted(whole.traces.length, 'trace')}`,
    '',
    '',
  ].join('\n')
}

function sayRest(
  context: CliContext,
  conversation: Conversation,
  whole: ExecutionGraphWire,
  rows: readonly TreeRow[],
): void {
  const hidden = whole.nodes.length - rows.length
  if (hidden > 0)
    say(context, `first ${rows.length} of ${counted(whole.nodes.length, 'step')}; all: --limit ${whole.nodes.length}`)
  const { cut } = whole
  if (cut.nodes + cut.edges + cut.hops > 0) {
    say(context, `bounds cut away ${counted(cut.nodes, 'step')}, ${cut.edges} joins and ${cut.hops} hops of this graph`)
  }
  const byValue = whole.edges.find(({ values }) => values !== undefined && values.length > 0)
  if (byValue !== undefined) {
    const id = shellWord(inert(conversation.id))
    const step = shellWord(inert(byValue.to))
    say(context, ours`what travelled by a join on a value, which is recorded: holdfast graph ${id} --values ${step}`)
  }
  say(context, ours`its evidence: holdfast evidence status ${shellWord(inert(conversation.id))}`)
}

/** What is not known is not shown as an empty text. */
export function triggerText(title: string): string {
  return title === '' ? 'set off by: nothing that was captured' : `set off by: "${inert(title)}"`
}
