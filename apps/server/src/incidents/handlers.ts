import { randomUUID } from 'node:crypto'
import type { Answer, Body, IncidentRowWire } from '@holdfast/api'
import { incidentId } from '@holdfast/detect'
import type { ConversationId } from '@holdfast/model'
import type { HandlerSources, Handlers } from '../http/handlers.ts'
import { HttpError } from '../http/problem.ts'
import { planWire } from '../response/wire.ts'
import type { ReportedCase } from './reports.ts'
import { rungOf } from './rung-of.ts'

type IncidentRoute = 'listIncidents' | 'getIncident' | 'getIncidentEvidence' | 'getIncidentReport' | 'reportIncident'
type Sources = Pick<HandlerSources, 'views' | 'recorder' | 'parseAgent' | 'cases' | 'containments' | 'response'>

/** Questions on incidents, answered by the projection worker; what a person reports is on record before anything follows. */
export function incidentHandlers(sources: Sources): Pick<Handlers, IncidentRoute> {
  const { views, recorder } = sources
  return {
    getIncidentReport: ({ params }) => views.ask('getIncidentReport', params),
    getIncidentEvidence: ({ params }) => views.ask('getIncidentEvidence', params),
    listIncidents: async ({ query }) => {
      const listed = JSON.parse(await views.ask('listIncidents', { query })) as Answer<'listIncidents'> // as below
      const items = listed.items.map((row) => {
        const end = sources.cases.endOf(row)
        const { rung: held } = rungNow(sources, row)
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
      const { cases } = sources
      const end = cases.endOf(incident)
      return {
        ...incident,
        phase: cases.phaseOf(incident),
        rung: rungNow(sources, incident),
        ...(end === undefined ? {} : { end }),
      }
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

/** On which rung an incident stands now, by whatever holds an agent of it. */
function rungNow(
  { containments, response }: Pick<Sources, 'containments' | 'response'>,
  incident: Pick<IncidentRowWire, 'id' | 'alsoKnownAs' | 'agents'>,
): Answer<'getIncident'>['rung'] {
  return rungOf({
    containments: incident.agents.flatMap((agent) => containments.list(agent)),
    plans: response.book.list(incident).map(planWire),
  })
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
