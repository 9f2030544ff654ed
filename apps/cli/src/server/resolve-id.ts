import type { Agent, Client, Conversation, IncidentRowWire } from '@holdfast/api'
import { shellWord } from '@holdfast/model'
import { CliError } from '../cli-error.ts'
import { OwnWords, ours } from '../called-as.ts'
import { AMBIGUOUS_SHOWN, INCIDENT_ROWS, PAGE_ROWS, RESOLVE_PAGES } from '../limits.ts'
import { inert } from '../render/inert.ts'
import { isNotFound, type Api } from './api.ts'

/** The conversation that an exact id, a trace id or a prefix of either names. Throws `not-found` or `usage`. */
export async function resolveConversation(api: Api, id: string): Promise<Conversation> {
  const exact = await api.call('getConversation', { params: { conversation: id } }).catch((fault: unknown) => {
    if (isNotFound(fault)) return undefined
    throw fault
  })
  if (exact !== undefined) return exact
  const known = await allConversations(api)
  return pick({
    id,
    what: 'conversation or trace',
    list: ours`holdfast agents, then the workspace, or holdfast tail`,
    candidates: known.map((value) => ({ value, names: [value.id, ...value.traces], label: value.id })),
  })
}

/** An incident by its id or a prefix of it, `inc-` included; else a conversation as {@link resolveConversation} finds it. */
export async function resolveExecution(
  api: Api,
  id: string,
): Promise<{ readonly kind: 'incident' | 'conversation'; readonly id: string }> {
  // A conversation may be called anything, this too.
  const isIncident = id.startsWith('inc-') && (await findIncident(api, id)) !== undefined
  if (isIncident) return { kind: 'incident', id: await resolveIncident(api, id) }
  return { kind: 'conversation', id: (await resolveConversation(api, id)).id }
}

/** The id of the incident that this names: all of it, an earlier id, or a prefix that no other has. That it was an earlier one is told. */
export async function resolveIncident(api: Api, id: string): Promise<string> {
  const found = await findIncident(api, id)
  if (found !== undefined) return found
  throw new CliError('not-found', `no incident is or begins with "${inert(id)}"`, { remedy: INCIDENT_LIST })
}

const INCIDENT_LIST = ours`holdfast incidents list --attempts`

async function findIncident(api: Api, id: string): Promise<string | undefined> {
  const { items } = await api.call('listIncidents', { query: { outcome: 'all', limit: INCIDENT_ROWS } })
  const known = (namesOf: (row: IncidentRowWire) => readonly string[]): string | undefined => {
    const candidates = items.map((row) => ({ value: row.id, names: namesOf(row), label: row.id }))
    return candidates.some(({ names }) => names.some((name) => name.startsWith(id)))
      ? pick({ id, what: 'incident', list: INCIDENT_LIST, candidates })
      : undefined
  }
  // What an incident goes by now comes before what another went by.
  const found = known((row) => [row.id]) ?? known((row) => row.alsoKnownAs) ?? (await unlisted(api, id))
  if (found !== undefined && !found.startsWith(id))
    api.tell?.(`${inert(id)} goes by ${found} since more was recorded of it`)
  return found
}

/** One that the list leaves out, by its id or one that it went by. */
async function unlisted(api: Api, id: string): Promise<string | undefined> {
  const exact = await api.call('getIncident', { params: { incident: id } }).catch((fault: unknown) => {
    if (isNotFound(fault)) return undefined
    throw fault
  })
  return exact?.id
}

/** The agent that an exact id, a name, or a prefix of either names. */
export async function resolveAgent(api: Api, id: string): Promise<Agent> {
  const agents = await allAgents(api)
  // What only an audit log tells of has a name too, and is looked for last.
  const isAgent = agents.some((agent) => agent.id.startsWith(id) || agent.name.startsWith(id))
  const known = isAgent ? agents : [...agents, ...(await allAgents(api, 'principals'))]
  return pick({
    id,
    what: 'agent',
    list: ours`holdfast agents`,
    candidates: known.map((value) => ({
      value,
      names: [value.id, value.name],
      label: value.id,
      about: aboutAgent(value),
      command: ours`holdfast bom show ${inert(shellWord(value.id))}`,
    })),
  })
}

/** What tells an agent from another of its name. Telemetry that states no host is of nobody that a sensor saw on one. */
function aboutAgent({ id, name, channels, events, lastSeen }: Agent): OwnWords {
  const heard = ours`heard by ${inert(channels.join(', '))}, ${events} entries, last ${inert(lastSeen)}`
  return id.startsWith('host:-/')
    ? ours`${heard}; it states no host: holdfast run --name ${inert(shellWord(name))} starts it with one, as an agent of this host`
    : heard
}

/** Every agent that the server knows, or every principal of which only audit logs tell; most recently heard first. */
export async function allAgents(
  api: Pick<Client, 'call'>,
  standing: 'agents' | 'principals' = 'agents',
): Promise<readonly Agent[]> {
  const rows: Agent[] = []
  let cursor: string | undefined
  for (let page = 0; page < RESOLVE_PAGES; page++) {
    const answer = await api.call('listAgents', {
      query: { limit: PAGE_ROWS, standing, ...(cursor ? { cursor } : {}) },
    })
    rows.push(...answer.items)
    cursor = answer.nextCursor
    if (cursor === undefined) break
  }
  return rows
}

/** The newest conversations, as many as a prefix is looked for in. */
export async function allConversations(api: Api): Promise<readonly Conversation[]> {
  const rows: Conversation[] = []
  let cursor: string | undefined
  for (let page = 0; page < RESOLVE_PAGES; page++) {
    const answer = await api.call('listConversations', { query: { limit: PAGE_ROWS, ...(cursor ? { cursor } : {}) } })
    rows.push(...answer.items)
    cursor = answer.nextCursor
    if (cursor === undefined) break
  }
  return rows
}

type Question<T> = {
  readonly id: string
  readonly what: string
  /** How to see what there is. */
  readonly list: string | OwnWords
  readonly candidates: readonly Candidate<T>[]
}

type Candidate<T> = {
  readonly value: T
  readonly names: readonly string[]
  readonly label: string
  /** What tells it from others of its name, and a command that shows it. */
  readonly about?: OwnWords
  readonly command?: OwnWords
}

/** An exact name wins over prefixes; a prefix must be the only one. */
export function pick<T>(question: Question<T>): T {
  const { id, candidates } = question
  const exact = candidates.filter((candidate) => candidate.names.includes(id))
  const found = exact.length > 0 ? exact : candidates.filter(({ names }) => names.some((name) => name.startsWith(id)))
  const [first] = found
  if (first === undefined) {
    throw new CliError('not-found', `no ${question.what} is or begins with "${inert(id)}"`, { remedy: question.list })
  }
  if (found.length === 1) return first.value
  const shown = found.slice(0, AMBIGUOUS_SHOWN).map((candidate) => inert(candidate.label))
  const more = found.length > shown.length ? ` and ${found.length - shown.length} more` : ''
  const abouts = found.slice(0, AMBIGUOUS_SHOWN).flatMap(({ label, about, command }) => {
    if (about === undefined) return []
    return [ours`\n  ${inert(label)}: ${about}${command === undefined ? '' : ours`\n    ${command}`}`]
  })
  throw new CliError('usage', `"${inert(id)}" names ${found.length}: ${shown.join(', ')}${more}`, {
    remedy:
      abouts.length === 0
        ? 'give more of the id'
        : new OwnWords(['give the id in place of the name', ...abouts.map(() => '')], abouts),
  })
}
