import { randomUUID } from 'node:crypto'
import type { Answer } from '@holdfast/api'
import { incidentId } from '@holdfast/detect'
import { RUNGS, type ConversationId } from '@holdfast/model'
import type { HandlerSources, Handlers } from '../http/handlers.ts'
import { HttpError } from '../http/problem.ts'

type IncidentRoute = 'listIncidents' | 'getIncident' | 'getIncidentEvidence' | 'reportIncident'
type Sources = Pick<HandlerSources, 'views' | 'recorder' | 'parseAgent' | 'cases' | 'containments'>

/** Questions on incidents, answered by the projection worker; what a person reports is on record before anything follows. */
export function incidentHandlers(sources: Sources): Pick<Handlers, IncidentRoute> {
  const { views, recorder, parseAgent } = sources
  return {
    getIncidentEvidence: ({ params }) => views.ask('getIncidentEvidence', params),
    listIncidents: ({ query }) => views.ask('listIncidents', { query }),
    getIncident: async ({ params }) => {
      const incident = JSON.parse(await views.ask('getIncident', params)) as Answer<'getIncident'> // as below
      const { cases, containments } = sources
      const end = cases.endOf(incident)
      return {
        ...incident,
        phase: cases.phaseOf(incident),
        rung: rungOf(incident, containments),
        ...(end === undefined ? {} : { end }),
      }
    },
    reportIncident: async ({ body, caller }) => {
      const agent = parseAgent(body.agent)
      if (agent === undefined) throw new HttpError(404, `"${body.agent}" is not an agent id`)
      // Also refuses a conversation that there is none of.
      const known = JSON.parse(
        await views.ask('getConversation', { conversation: body.conversation }),
      ) as Answer<'getConversation'> // the worker's answer to this question
      if (!known.agents.some((one) => one.id === agent))
        throw new HttpError(409, `agent "${agent}" has no part in conversation "${known.id}"`)
      const reportId = body.withdraws ?? randomUUID()
      const receipt = await recorder.appendControl({
        kind: 'incident-report',
        reportId,
        do: body.withdraws === undefined ? 'reported' : 'withdrawn',
        agent,
        conversation: known.id,
        type: body.type,
        reason: body.reason,
        by: caller.name,
      })
      const conversation = known.id as ConversationId // as the workspace shows it
      return { reportId, conversation, incident: incidentId(conversation), entry: receipt.from }
    },
  }
}

/** The hardest rung on which an agent of the incident stands now. */
function rungOf({ agents, rung }: Answer<'getIncident'>, containments: Sources['containments']): typeof rung {
  const standing = agents
    .flatMap((agent) => containments.list(agent))
    .filter(({ record: { state }, isExpired }) => state !== 'released' && state !== 'refused' && !isExpired)
    .map(({ record }) => record)
  const [hardest] = standing.toSorted((a, b) => RUNGS.indexOf(b.plan.rung) - RUNGS.indexOf(a.plan.rung))
  if (hardest === undefined) return rung
  const { plan, state, by } = hardest
  return { rung: plan.rung, reason: `${plan.agentName}: ${state}, by ${by}: ${plan.reason}` }
}
