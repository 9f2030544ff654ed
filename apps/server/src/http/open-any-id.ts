import { pathSegment, type Answer, type InventoryFindingWire, type SearchHit } from '@holdfast/api'
import { printHuntQuery } from '@holdfast/model'
import { wallClock } from '../clock.ts'
import type { PlanBook } from '../response/plan-book.ts'
import type { ViewsClient } from '../views/client.ts'

type Sources = { readonly views: Pick<ViewsClient, 'ask'>; readonly book: Pick<PlanBook, 'list'> }

/** Plans that begin with one prefix and are listed. */
const PLANS_NAMED = 10
/** Twelve digits are what the command line shows of a plan, and what it takes. */
const PLAN = /^[0-9a-f]{12,64}$/
/** As findings go by in OCSF: the incident's id, and which of what speaks for it. */
const FINDING_OF_INCIDENT = /^(inc-[0-9a-f]{4,64})\.([1-9][0-9]{0,3})$/
const FINDING_KINDS: Readonly<Record<InventoryFindingWire['kind'], true>> = {
  'declared-differs': true,
  'observed-only': true,
  'tool-altered': true,
  'tool-unapproved': true,
  'unknown-agent': true,
  'outside-roster': true,
  'not-admitted': true,
  impersonation: true,
  'outside-peers': true,
  'hand-over-unproven': true,
  residency: true,
  'memory-retention': true,
  'shared-identity': true,
}
/**
 * As Kubernetes names pods: at the end of one of a StatefulSet stands a number, of any other five characters of which it takes no
 * vowel, so that few names of anything else are looked for in all events.
 */
const POD = /^[a-z0-9][-a-z0-9.]{0,240}-([bcdfghjklmnpqrstvwxz2456789]{5}|[0-9]{1,4})$/

/**
 * What an id stands for that the workspace projection does not know: a response plan, a finding, a pod. An answer without
 * items is one that nothing here knows either. `left` aborts once nobody waits for it: a pod is looked for in all events.
 */
export async function openAnyId(q: string, { views, book }: Sources, left: AbortSignal): Promise<Answer<'search'>> {
  const found = JSON.parse(await views.ask('search', { q })) as Answer<'search'> // the route's own answer
  const id = q.trim()
  const more = [...plansNamed(book, id), ...(await findingNamed(views, id))]
  const isById = found.understood.startsWith('an id')
  if (more.length === 0 && !isById && POD.test(id)) more.push(...(await podNamed(views, id, left)))
  const [first] = more
  // What goes by this id comes before what has it in its name.
  return first === undefined ? found : { items: [...more, ...found.items], understood: `an id: ${first.kind}` }
}

function plansNamed(book: Sources['book'], id: string): readonly SearchHit[] {
  if (!PLAN.test(id)) return []
  const named = book.list().filter(({ hash }) => hash.startsWith(id))
  return named.slice(0, PLANS_NAMED).map(({ hash, made: { plan }, outcome }) => ({
    kind: 'plan',
    id: hash,
    label: `plan of ${plan.incident}: ${outcome.state}, ${outcome.words}`,
    href: `/incidents/${encodeURIComponent(plan.incident)}#respond`,
  }))
}

async function findingNamed(views: Sources['views'], id: string): Promise<readonly SearchHit[]> {
  const [, incident, number] = FINDING_OF_INCIDENT.exec(id) ?? []
  if (incident !== undefined) return await findingOfIncident(views, { id, incident, number: Number(number) })
  if (!Object.hasOwn(FINDING_KINDS, id.slice(0, Math.max(0, id.indexOf(':'))))) return []
  const listed = await views.ask('listInventoryFindings', { query: {} })
  const { items } = JSON.parse(listed) as Answer<'listInventoryFindings'> // the route's own answer
  return items
    .filter((finding) => finding.id === id)
    .map(({ agent, title }) => ({ kind: 'finding', id, label: title, href: `/agents/${pathSegment(agent)}/inventory` }))
}

async function findingOfIncident(
  views: Sources['views'],
  { id, incident, number }: { readonly id: string; readonly incident: string; readonly number: number },
): Promise<readonly SearchHit[]> {
  const { items } = JSON.parse(await views.ask('search', { q: incident })) as Answer<'search'> // as above
  const known = items.find(({ kind }) => kind === 'incident')
  if (known === undefined) return []
  const { columns } = JSON.parse(await views.ask('getIncident', { incident: known.id })) as Answer<'getIncident'>
  const line = columns.flatMap((column) => column.for)[number - 1]
  if (line === undefined) return []
  return [{ kind: 'finding', id, label: line.words, href: `/incidents/${encodeURIComponent(known.id)}#classification` }]
}

/** A pod is known by records that came from it: the newest says of which agent it is. */
async function podNamed(views: Sources['views'], id: string, left: AbortSignal): Promise<readonly SearchHit[]> {
  const q = printHuntQuery([{ kind: 'field', field: 'instance', value: id, isExcluded: false }])
  const asked = await views.ask('hunt', { query: { q, limit: 1 }, now: String(wallClock()) }, left)
  const [newest] = (JSON.parse(asked) as Answer<'hunt'>).items // as above
  if (newest === undefined) return []
  const { agent } = newest.values
  const records = new URLSearchParams({ q }).toString()
  return [
    { kind: 'pod', id, label: `records of this pod, the newest of ${newest.agentName}`, href: `/hunt?${records}` },
    ...(agent === undefined
      ? []
      : [{ kind: 'agent' as const, id: agent, label: newest.agentName, href: `/agents/${pathSegment(agent)}` }]),
  ]
}
