import type { Conversation, IncidentWire, StandingWire } from '@holdfast/api'
import type { UnixNano } from '@holdfast/model'
import { FAST_GAP_MS } from '@holdfast/respond'
import type { HandlerSources, Handlers } from '../http/handlers.ts'
import { planWire } from '../response/wire.ts'
import { endOfActs } from './end-of-acts.ts'
import type { Owners } from './owners.ts'
import { lastActOf, standingOf } from './standing.ts'

type StandingRoute = 'getIncidentTimeline' | 'getIncidentStanding' | 'ownIncident'
type Sources = Pick<
  HandlerSources,
  'views' | 'reader' | 'cases' | 'containments' | 'sensors' | 'scoping' | 'response' | 'clock'
> & { readonly owners: Owners }

/** How incidents stand, who has them, and everything that happened about them. */
export function standingHandlers(sources: Sources): Pick<Handlers, StandingRoute> {
  const { views, owners, response } = sources
  return {
    getIncidentTimeline: ({ params, query }) => views.ask('getIncidentTimeline', { ...params, limit: query.limit }),
    getIncidentStanding: ({ params }) => standing(sources, params.incident),
    ownIncident: async ({ params, body, caller }) => {
      await owners.decide(await response.situations.incident(params.incident), body, caller.name)
      return await standing(sources, params.incident)
    },
  }
}

async function standing(
  { views, reader, cases, containments, sensors, scoping, response, owners, clock }: Sources,
  id: string,
): Promise<StandingWire> {
  const { incident, decision, lines } = await response.situations.of(id)
  const now = clock()
  const first = incident.history.reduce<number | undefined>(
    (least, { position }) => (least === undefined || position < least ? position : least),
    undefined,
  )
  return standingOf({
    incident,
    decision,
    lines,
    plans: response.book.list(incident).map(planWire),
    // An agent's name may be another's id.
    containments: incident.agents.flatMap((agent) =>
      containments.list(agent).filter(({ record: { plan } }) => plan.agent === agent),
    ),
    running: sensors.sensors().flatMap(({ watched }) => watched.map(({ agent }) => agent)),
    quarantine: scoping.quarantine.inForce(),
    state: cases.stateOf(incident),
    foundAt: first === undefined ? undefined : (reader.entry(first)?.recordedAt satisfies UnixNano | undefined),
    owner: owners.of(incident),
    ended: isRecent(incident, now) ? endOfActs(reader, await tracesOf(views, incident)) : undefined,
    now,
  })
}

/** Older acts are not called continuing whatever the log says of their end. */
function isRecent(incident: IncidentWire, now: UnixNano): boolean {
  const last = lastActOf(incident)
  return last !== undefined && now - last <= BigInt(FAST_GAP_MS) * 1_000_000n
}

async function tracesOf(views: Sources['views'], { conversations }: IncidentWire): Promise<readonly string[]> {
  const known = await Promise.all(
    conversations.map(async (conversation) => {
      // The worker's answer to this question.
      const { traces } = JSON.parse(await views.ask('getConversation', { conversation })) as Conversation
      return traces
    }),
  )
  return [...new Set(known.flat())]
}
