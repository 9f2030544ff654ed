import { randomUUID } from 'node:crypto'
import type { Answer, Body } from '@holdfast/api'
import { incidentId } from '@holdfast/detect'
import type { ConversationId } from '@holdfast/model'
import type { HandlerSources, Handlers } from '../http/handlers.ts'
import { HttpError } from '../http/problem.ts'
import type { ReportedCase } from './reports.ts'
import { asItStands, rungNow } from './as-it-stands.ts'

type IncidentRoute = 'listIncidents' | 'getIncident' | 'getIncidentEvidence' | 'getIncidentReport' | 'reportIncident'
type Sources = Pick<HandlerSources, 'views' | 'recorder' | 'parseAgent' | 'cases' | 'containments' | 'response'>

/** Questions on incidents, answered by the projection worker; what a person reports is on record before anything follows. */
export function incidentHandlers(sources: Sources): Pick<Handlers, IncidentRoute> {
  const { views, recorder, cases, containments } = sources
  const acted = { cases, containments, book: sources.response.book }
  return {
    getIncidentReport: ({ params }) => views.ask('getIncidentReport', params),
    getIncidentEvidence: ({ params }) => views.ask('getIncidentEvidence', params),
    listIncidents: async ({ query }) => {
      const listed = JSON.parse(await views.ask('listIncidents', { query })) as Answer<'listIncidents'> // as below
      const items = listed.items.map((row) => {
        const end = cases.endOf(row)
        const { rung: held } = rungNow(row, acted)
        return {
          ...row,
          ...(end === undefined ? {} : { closed: end.resolution }),
          ...(held === null ? {} : { held }),
        }
      })
      return { ...listed, items }
    },
    getIncident: async ({ params }) => {
      const incident = JSON.parse(await views.ask('getIncident', params)) as Answer<'getIncident'> // as below
      return asItStands(incident, acted)
    },
    reportIncident: async ({ body, caller }) => {
      const status = body.withdraws === undefined ? 'reported' : 'withdrawn'
      const reportId = body.withdraws ?? randomUUID()
      const about =
        body.withdraws === undefined
          ? await newlyReported(sources, body)
          : await reportedBefore(sources, body.withdraws)
      const receipt = await recorder.appendControl({
        kind: 'incident-report',
        reportId,
        do: status,
        ...about,
        reason: body.reason,
        by: caller.name,
      })
      const conversation = about.conversation as ConversationId // as the workspace shows it
      return { reportId, status, conversation, incident: incidentId(conversation), entry: receipt.from }
    },
  }
}

async function newlyReported(
  { views, parseAgent }: Pick<Sources, 'views' | 'parseAgent'>,
  { agent: named, conversation, type }: Body<'reportIncident'>,
): Promise<ReportedCase> {
  if (named === undefined || conversation === undefined || type === undefined)
    throw new HttpError(400, 'a report names agent, conversation and type; one that takes another back names that')
  const agent = parseAgent(named)
  if (agent === undefined) throw new HttpError(404, `"${named}" is not an agent id`)
  // Also refuses a conversation that there is none of; the worker's answer to this question.
  const known = JSON.parse(await views.ask('getConversation', { conversation })) as Answer<'getConversation'>
  if (!known.agents.some((one) => one.id === agent))
    throw new HttpError(409, `agent "${agent}" has no part in conversation "${known.id}"`)
  return { agent, conversation: known.id, type }
}

/** Refuses a report that there is none of. */
async function reportedBefore({ views }: Pick<Sources, 'views'>, report: string): Promise<ReportedCase> {
  return JSON.parse(await views.ask('getIncidentReport', { report })) as ReportedCase // the worker's answer to this question
}
