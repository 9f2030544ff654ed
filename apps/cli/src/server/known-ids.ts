import type { CliContext } from '../context.ts'
import { INCIDENT_ROWS, PAGE_ROWS } from '../limits.ts'
import { openApi } from './api.ts'

/** Ids that begin as what was typed, the latest heard first; none where no server answers. */
export async function knownIds(
  context: CliContext,
  of: 'agent' | 'incident',
  partial: string,
): Promise<readonly string[]> {
  try {
    // Whoever presses Tab on a line waits for it; a server that takes longer has no say in it.
    const signal = AbortSignal.timeout(COMPLETION_MS)
    const api = openApi(context, {})
    const names =
      of === 'agent'
        ? (await api.call('listAgents', { query: { limit: PAGE_ROWS }, signal })).items.flatMap(({ id, name }) => [
            name,
            id,
          ])
        : (await api.call('listIncidents', { query: { outcome: 'all', limit: INCIDENT_ROWS }, signal })).items.map(
            ({ id }) => id,
          )
    return [...new Set(names)].filter((name) => name.startsWith(partial))
  } catch {
    return []
  }
}

const COMPLETION_MS = 1_000
