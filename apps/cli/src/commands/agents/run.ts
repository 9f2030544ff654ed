import { ours } from '../../called-as.ts'
import type { Agent } from '@holdfast/api'
import { HELM_INSTALL } from '@holdfast/model'
import { withinScope } from '../../agent-scope.ts'
import { CliError } from '../../cli-error.ts'
import type { CliContext } from '../../context.ts'
import { LIST_ROWS } from '../../limits.ts'
import { formatOf, printList, say } from '../../render/output.ts'
import type { Column } from '../../render/table.ts'
import { openApi } from '../../server/api.ts'
import { allAgents } from '../../server/resolve-id.ts'
import type { AgentsFlags } from './command.ts'

/** Lists every agent that was heard. */
export async function agents(this: CliContext, flags: AgentsFlags): Promise<void> {
  const format = formatOf(flags, 'table')
  if (flags.principals && flags.unlisted)
    throw new CliError('usage', '--unlisted speaks of agents: it cannot go with --principals')
  const api = openApi(this, flags)
  const heard = withinScope(this, await allAgents(api, flags.principals ? 'principals' : 'agents'), ({ id }) => [id])
  const all = flags.unlisted ? heard.filter(({ roster }) => roster === 'observed') : heard
  const isTable = format === 'table' || format === 'wide'
  const rows = all.slice(0, flags.limit ?? (isTable ? LIST_ROWS : all.length))
  printList(this, { format, columns: columnsFor(rows), rows })
  if (!isTable) return
  if (heard.length === 0 && this.scope !== undefined) return
  if (heard.length === 0) {
    say(this, ours`no agent was heard yet. Send OTLP to ${api.server.otlpHttp ?? 'the server'}, or run: holdfast demo`)
    say(this, `a server in a cluster, in the root of the checkout (without Helm: deploy/README.md):\n${HELM_INSTALL}`)
    return
  }
  const shown = rows.length < all.length ? `first ${rows.length} of ${all.length}` : `${all.length} of ${all.length}`
  say(this, ours`${shown} agents. One of them live: holdfast tail --agent NAME`)
}

/** Where several go by one name their rows say which is which: the id is what other commands take. */
export function columnsFor(rows: readonly Agent[]): readonly Column<Agent>[] {
  const isAmbiguous = new Set(rows.map(({ name }) => name)).size < rows.length
  return isAmbiguous ? columns.map((column) => (column.title === 'ID' ? ID_SHOWN : column)) : columns
}

const ID_SHOWN: Column<Agent> = { title: 'ID', value: (agent) => agent.id, widest: 120 }

/** Of the texts of its prompts, outputs and tool calls; the page says the same. */
const CAPTURE: Readonly<Record<Agent['capturing'], string>> = {
  capturing: 'content',
  partly: 'part of content',
  suppressed: 'suppressed',
  'not-capturing': 'metadata only',
  'none-seen': 'no content seen',
}

const columns: readonly Column<Agent>[] = [
  { title: 'NAME', value: (agent) => agent.name, paint: (agent, text, paint) => paint.agent(agent.id, text) },
  { title: 'CLASS', value: (agent) => agent.class },
  { title: 'ROSTER', value: (agent) => (agent.shadow ? 'shadow' : agent.roster) },
  { title: 'EVENTS', value: (agent) => agent.events, align: 'right' },
  { title: 'CONVERSATIONS', value: (agent) => agent.conversations, align: 'right' },
  { title: 'CAPTURE', value: (agent) => CAPTURE[agent.capturing] },
  { title: 'TIER', value: (agent) => agent.tier },
  { title: 'LAST SEEN (UTC)', value: (agent) => agent.lastSeen },
  { title: 'ID', value: (agent) => agent.id, isWide: true },
  { title: 'MEMBERS', value: (agent) => agent.members.join(' '), isWide: true },
  { title: 'VERSIONS', value: (agent) => agent.versions.join(' '), isWide: true },
  { title: 'CHANNELS', value: (agent) => agent.channels.join(' '), isWide: true },
  { title: 'CLOCKS', value: (agent) => agent.clocks.join(' '), isWide: true },
  { title: 'FIRST SEEN (UTC)', value: (agent) => agent.firstSeen, isWide: true },
]
