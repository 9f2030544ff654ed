import { randomUUID } from 'node:crypto'
import type { Answer } from '@holdfast/api'
import { incidentId } from '@holdfast/detect'
import type { ConversationId } from '@holdfast/model'
import type { HandlerSources, Handlers } from '../http/handlers.ts'
import { HttpError } from '../http/problem.ts'

type IncidentRoute = 'listIncidents' | 'getIncident' | 'getIncidentEvidence' | 'reportIncident'
type Sources = Pick<HandlerSources, 'views' | 'recorder' | 'parseAgent'>

/** Questions on incidents, answered by the projection worker; what a person reports is on record before anything follows. */
export function incidentHandlers({ views, recorder, parseAgent }: Sources): Pick<Handlers, IncidentRoute> {
  return {
    getIncidentEvidence: ({ params }) => views.ask('getIncidentEvidence', params),
    listIncidents: ({ query }) => views.ask('listIncidents', { query }),
    getIncident: ({ params }) => views.ask('getIncident', params),
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
