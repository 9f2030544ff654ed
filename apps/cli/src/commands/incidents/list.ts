import { counted } from '@holdfast/model'
import type { IncidentRowWire } from '@holdfast/api'
import { withinScope } from '../../agent-scope.ts'
import type { CliContext } from '../../context.ts'
import { formatOf, printList, say } from '../../render/output.ts'
import type { Column } from '../../render/table.ts'
import { openApi } from '../../server/api.ts'
import { resolveAgent } from '../../server/resolve-id.ts'
import type { IncidentsListFlags } from './command.ts'

/** Prints incidents; what the list leaves out or does not know yet is said beside it. */
export async function incidentsList(this: CliContext, flags: IncidentsListFlags): Promise<void> {
  const format = formatOf(flags, 'table')
  const api = openApi(this, flags)
  const agent = flags.agent === undefined ? undefined : (await resolveAgent(api, flags.agent)).id
  const { items, total, withheld, waiting, failed } = await api.call('listIncidents', {
    query: {
      ...(agent === undefined ? {} : { agent }),
      ...(flags.limit === undefined ? {} : { limit: flags.limit }),
      outcome: flags.attempts ? 'all' : 'incident',
    },
  })
  const shown = withinScope(this, items, ({ agents }) => agents)
  printList(this, { format, columns, rows: shown })
  if (format === 'table') for (const line of formerIds(shown)) say(this, line)
  if (total === 0) say(this, waiting > 0 ? 'no incident yet' : 'no incident')
  if (items.length < total) say(this, `${total - items.length} more: --limit ${total}`)
  if (withheld > 0)
    say(
      this,
      `left out: ${counted(withheld, 'row')} of agents with many, or alike in many agents: --agent AGENT shows them`,
    )
  if (failed > 0) say(this, `partial: ${failed} cases could not be judged, and nothing is concluded of them`)
  if (waiting > 0) say(this, waitingText(waiting))
}

/** Traces of which a list may lack what they show. */
export function waitingText(waiting: number): string {
  return `partial: ${waiting === 1 ? '1 trace changed and is' : `${waiting} traces changed and are`} not judged yet`
}

const columns: readonly Column<IncidentRowWire>[] = [
  { title: 'ID', value: ({ id }) => id },
  { title: 'TYPE', value: ({ type, outcome }) => (outcome === 'attempt' ? `${type} (attempt)` : type) },
  { title: 'CONFIDENCE', value: ({ confidence }) => confidence.toFixed(2), align: 'right' },
  { title: 'STANDING', value: ({ standing }) => standing, isWide: true },
  { title: 'STATE', value: stateOf },
  { title: 'TRIAGE', value: ({ triage }) => triage },
  { title: 'HELD', value: ({ held }) => held ?? '-' },
  { title: 'ALIKE', value: ({ repeats }) => repeats, align: 'right' },
  { title: 'AGENTS', value: ({ agents }) => agents.join(' '), widest: 40 },
  { title: 'LAST (UTC)', value: ({ lastClaimed }) => lastClaimed },
  { title: 'CONVERSATIONS', value: ({ conversations }) => conversations.join(' '), widest: 60, isWide: true },
  { title: 'FORMER IDS', value: ({ alsoKnownAs }) => alsoKnownAs.join(' '), isWide: true },
  { title: 'WHAT', value: ({ headline }) => headline, widest: 100 },
]

/** Rows of which a line names former ids; the wide form and the data forms have those of all. */
const FORMER_SHOWN = 10

/** For whoever looks for an id that was printed before something joined its incident: which one it is now. */
export function formerIds(items: readonly Pick<IncidentRowWire, 'id' | 'alsoKnownAs'>[]): readonly string[] {
  return items
    .filter(({ alsoKnownAs }) => alsoKnownAs.length > 0)
    .slice(0, FORMER_SHOWN)
    .map(({ id, alsoKnownAs }) => `${id} was ${alsoKnownAs.join(', ')} until more was recorded of it`)
}

/** What people made of it. */
function stateOf({ said, closed }: IncidentRowWire): string {
  return [said, closed === undefined ? undefined : `closed: ${closed}`].filter((word) => word !== undefined).join(', ')
}
