import type { Readable } from 'node:stream'
import type { FastifyReply } from 'fastify'
import { exportEvidence } from '../export-evidence.ts'
import { redactOf } from '../redact-fields.ts'
import { revealTarget } from '../reveal-log.ts'
import type { Exported, ViewQuestion } from '../views/messages.ts'
import type { Handlers, HandlerSources } from './handlers.ts'
import { leftBy } from './left-by.ts'
import { openAnyId } from './open-any-id.ts'

type WorkspaceRoute =
  | 'listAgents'
  | 'getAgent'
  | 'listConversations'
  | 'getConversation'
  | 'getGraph'
  | 'getDrawnGraph'
  | 'listRows'
  | 'getReach'
  | 'getEvidence'
  | 'getEvent'
  | 'getContent'
  | 'getEventValues'
  | 'listEvents'
  | 'search'
  | 'contexts'
  | 'exportEvidence'
  | 'exportIncident'
  | 'getRun'

type Sources = Pick<HandlerSources, 'views' | 'reveals' | 'recorder' | 'reader' | 'reports' | 'folder' | 'response'>

/** Agents, conversations and their events, by the workspace projection. Who reads captured text is on record. */
export function workspaceHandlers(sources: Sources): Pick<Handlers, WorkspaceRoute> {
  const { views, reveals } = sources
  const ask = <N extends ViewQuestion>(question: N, args: Parameters<typeof views.ask<N>>[1]): Promise<string> =>
    views.ask(question, args)
  return {
    listAgents: ({ query }) => ask('listAgents', { query }),
    getAgent: ({ params }) => ask('getAgent', { agent: params.agent }),
    listConversations: ({ query }) => ask('listConversations', { query }),
    getConversation: ({ params }) => ask('getConversation', params),
    getGraph: ({ params, query }) => ask('getGraph', { ...params, query }),
    getDrawnGraph: ({ params, query }) => ask('getDrawnGraph', { ...params, query }),
    listRows: ({ params, query }) => ask('listRows', { ...params, query }),
    getReach: ({ params, query }) => ask('getReach', { ...params, query }),
    getEvidence: ({ params }) => ask('getEvidence', params),
    getEvent: ({ params }) => ask('getEvent', params),
    getContent: ({ params, query, caller }) =>
      reveals.during({
        by: caller.name,
        target: revealTarget(params.event),
        read: () => ask('getContent', { ...params, query }),
      }),
    getEventValues: ({ params, query, caller }) =>
      reveals.during({
        by: caller.name,
        target: revealTarget(params.event),
        read: () => ask('getEventValues', { ...params, query }),
      }),
    listEvents: ({ query }) => ask('listEvents', { query }),
    search: ({ query, reply }) => openAnyId(query.q, { views, book: sources.response.book }, leftBy(reply)),
    contexts: ({ query }) => ask('contexts', { query }),
    exportEvidence: ({ params, query, caller, reply }) => {
      const of = { kind: 'conversation', id: params.conversation, ...redactOf(query) } as const
      return bundleOf(sources, { of, by: caller.name, reply })
    },
    exportIncident: ({ params, query, caller, reply }) => {
      const of = { kind: 'incident', id: params.incident, ...redactOf(query) } as const
      return bundleOf(sources, { of, by: caller.name, reply })
    },
    getRun: ({ params, query }) => ask('getRun', { ...params, query }),
  }
}

async function bundleOf(
  { recorder, reader, views, reports, folder }: Sources,
  { of, by, reply }: { readonly of: Exported; readonly by: string; readonly reply: FastifyReply },
): Promise<Readable> {
  const bundle = await exportEvidence({ recorder, reader, views, reports, by, folder, of })
  reply
    .type('application/zip')
    .header('content-length', bundle.bytes)
    .header('content-disposition', `attachment; filename="${bundle.name}"`)
  return bundle.content
}
