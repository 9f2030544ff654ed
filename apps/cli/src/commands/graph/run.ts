import type { Conversation, ExecutionGraphWire, GraphRow } from '@holdfast/api'
import { isProven, shellWord } from '@holdfast/model'
import type { CliContext } from '../../context.ts'
import { GRAPH_ROWS, PAGE_ROWS } from '../../limits.ts'
import { inert } from '../../render/inert.ts'
import { formatOf, paintOf, printDocument, printList, say } from '../../render/output.ts'
import { openApi, type Api } from '../../server/api.ts'
import { resolveConversation } from '../../server/resolve-id.ts'
import type { GraphFlags } from './command.ts'
import { joinRows, treeColumns, unjoinedText, type TreeRow } from './tree.ts'

/** Prints the execution graph of one conversation. */
export async function graph(this: CliContext, flags: GraphFlags, id: string): Promise<void> {
  const format = formatOf(flags, 'table')
  const api = openApi(this, flags)
  const conversation = await resolveConversation(api, id)
  const whole = await api.call('getGraph', { params: { conversation: conversation.id } })
  if (format === 'json' || format === 'yaml') {
    printDocument(this, format, whole)
    return
  }
  const isTable = format === 'table' || format === 'wide'
  const limit = flags.limit ?? (isTable ? GRAPH_ROWS : whole.nodes.length)
  const rows = joinRows(whole, await rowsOf(api, conversation.id, limit))
  if (!isTable) {
    printList(this, { format, columns: treeColumns, rows })
    return
  }
  this.stdout.write(headOf(this, conversation, whole))
  const { joined = [], unjoined = [] } = Object.groupBy(rows, (row) => (row.unjoined ? 'unjoined' : 'joined'))
  if (joined.length > 0 || unjoined.length === 0) printList(this, { format, columns: treeColumns, rows: joined })
  if (whole.unjoined.length > 0) this.stdout.write(`\n${unjoinedText(whole.unjoined)}\n\n`)
  if (unjoined.length > 0) printList(this, { format, columns: treeColumns, rows: unjoined })
  sayRest(this, conversation, whole, rows)
}

/** Rows in causal order, as the tree of the workspace shows them. */
async function rowsOf(api: Api, conversation: string, limit: number): Promise<readonly GraphRow[]> {
  const rows: GraphRow[] = []
  let cursor: string | undefined
  while (rows.length < limit) {
    const answer = await api.call('listRows', {
      params: { conversation },
      query: { limit: Math.min(PAGE_ROWS, limit - rows.length), ...(cursor ? { cursor } : {}) },
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
    `set off by: "${inert(conversation.title)}"`,
    `${whole.nodes.length} steps · ${whole.edges.length} joins, ${inferred} of them inferred · ${whole.traces.length} traces`,
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
    say(context, `first ${rows.length} of ${whole.nodes.length} steps; all: --limit ${whole.nodes.length}`)
  const { cut } = whole
  if (cut.nodes + cut.edges + cut.hops > 0) {
    say(context, `bounds cut away ${cut.nodes} steps, ${cut.edges} joins and ${cut.hops} hops of this graph`)
  }
  say(context, `its evidence: holdfast evidence status ${shellWord(inert(conversation.id))}`)
}
