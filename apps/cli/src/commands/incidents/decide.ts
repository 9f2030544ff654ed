import type { CliContext } from '../../context.ts'
import { formatOf, printDocument, say } from '../../render/output.ts'
import { openApi } from '../../server/api.ts'
import { resolveIncident } from '../../server/resolve-id.ts'
import type { IncidentsDecideFlags } from './decide-commands.ts'

/** Confirms an incident: it may be learned from. */
export function incidentsConfirm(this: CliContext, flags: IncidentsDecideFlags, id: string): Promise<void> {
  return decide(this, flags, { id, decision: 'confirmed' })
}

/** Dismisses an incident: it stays in the list, and what is learned is held against it. */
export function incidentsDismiss(this: CliContext, flags: IncidentsDecideFlags, id: string): Promise<void> {
  return decide(this, flags, { id, decision: 'dismissed' })
}

async function decide(
  context: CliContext,
  flags: IncidentsDecideFlags,
  { id, decision }: { readonly id: string; readonly decision: 'confirmed' | 'dismissed' },
): Promise<void> {
  const { withdraw, reason } = flags
  const format = formatOf(flags, 'table')
  const api = openApi(context, flags)
  const recorded = await api.call('decideIncident', {
    params: { incident: await resolveIncident(api, id) },
    body: { decision: withdraw ? 'withdrawn' : decision, reason },
  })
  if (format === 'table') say(context, `${withdraw ? 'taken back' : decision}: log entry ${recorded.entry}`)
  else printDocument(context, format, recorded)
}
