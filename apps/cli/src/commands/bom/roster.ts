import { counted } from '@holdfast/model'
import type { Answer, RiskRowWire, ToolDefinitionWire } from '@holdfast/api'
import type { CliContext } from '../../context.ts'
import { inert } from '../../render/inert.ts'
import { formatOf, printList, say } from '../../render/output.ts'
import type { Column } from '../../render/table.ts'
import { openApi } from '../../server/api.ts'
import { resolveAgent } from '../../server/resolve-id.ts'
import type { FindingsFlags, PinFlags } from './command.ts'

/** Approves what an agent's servers offer now. */
export async function bomPin(this: CliContext, flags: PinFlags, name: string): Promise<void> {
  const format = formatOf(flags, 'table')
  const { server, reason } = flags
  const api = openApi(this, flags)
  const agent = await resolveAgent(api, name)
  const body = { reason, ...(server === undefined ? {} : { server }) }
  const { approved } = await api.call('approveTools', { params: { agent: agent.id }, body })
  printList(this, { format, columns: approvalColumns, rows: approved })
}

/** Prints definitions against their approvals; ends with `check-failed` where one that is offered is not as approved. */
export async function bomPins(this: CliContext, flags: FindingsFlags, name: string): Promise<void> {
  const format = formatOf(flags, 'table')
  const api = openApi(this, flags)
  const agent = await resolveAgent(api, name)
  const { items } = await api.call('listToolDefinitions', { params: { agent: agent.id } })
  printList(this, { format, columns: definitionColumns, rows: items })
  if (format === 'table' || format === 'wide') for (const item of items) sayTexts(this, item)
  if (items.some(({ state }) => state === 'changed' || state === 'unapproved')) this.exit('check-failed')
}

/** Prints the risk register. */
export async function bomRisks(this: CliContext, flags: FindingsFlags, name?: string): Promise<void> {
  const format = formatOf(flags, 'table')
  const api = openApi(this, flags)
  const agent = name === undefined ? undefined : await resolveAgent(api, name)
  const { items, cut } = await api.call('listRisks', { query: agent === undefined ? {} : { agent: agent.id } })
  printList(this, { format, columns: riskColumns, rows: items })
  if (cut) say(this, `only the first ${counted(items.length, 'row')}: name an agent`)
}

function sayTexts(context: CliContext, { tool, before, after, by, since }: ToolDefinitionWire): void {
  if (before === undefined || after === undefined) return
  say(context, `${inert(tool)} was: ${inert(before)}`)
  say(context, `${inert(tool)} is:  ${inert(after)}`)
  const who =
    by === undefined
      ? 'no recorded change explains it'
      : `${by.changeId ?? by.change} by ${by.author ?? 'nobody named'}`
  say(context, `since ${since ?? 'not seen when'}: ${inert(who)}`)
}

const approvalColumns: readonly Column<Answer<'approveTools'>['approved'][number]>[] = [
  { title: 'SERVER', value: (row) => row.server },
  { title: 'CATALOGUE', value: (row) => row.catalogue.slice(0, 12) },
  { title: 'TOOLS', value: (row) => row.tools.map(({ name }) => name).join(' ') },
  { title: 'ENTRY', value: (row) => row.entry, align: 'right' },
]

const definitionColumns: readonly Column<ToolDefinitionWire>[] = [
  { title: 'SERVER', value: (row) => row.server },
  { title: 'TOOL', value: (row) => row.tool },
  { title: 'STATE', value: (row) => row.state },
  { title: 'APPROVED', value: (row) => row.approved?.slice(0, 12) },
  { title: 'OFFERED', value: (row) => row.definition?.slice(0, 12) },
  { title: 'SINCE (UTC)', value: (row) => row.since },
  { title: 'PROOF', value: (row) => [row.approvedEntry, row.entry].filter((one) => one !== undefined).join(' ') },
]

const riskColumns: readonly Column<RiskRowWire>[] = [
  { title: 'AGENT', value: (row) => row.agentName },
  { title: 'RISK', value: (row) => row.risk },
  { title: 'KIND', value: (row) => row.kind },
  { title: 'NAME', value: (row) => row.name },
  { title: 'NOW', value: (row) => (row.current ? 'yes' : 'no longer') },
  { title: 'LAST (UTC)', value: (row) => row.last },
  {
    title: 'CONTROLS',
    value: ({ controls }) =>
      controls.length === 0
        ? 'none'
        : controls.map(({ control, entries }) => `${control} (log entry ${entries.join(', ')})`).join('; '),
  },
  { title: 'FIRST (UTC)', value: (row) => row.first, isWide: true },
  { title: 'PROOF', value: (row) => row.proof.join(' '), isWide: true },
]
