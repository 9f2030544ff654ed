import type { Answer } from '@holdfast/api'
import type { HandlerSources, Handlers } from '../http/handlers.ts'
import { HttpError } from '../http/problem.ts'
import { approvable } from './approvable.ts'

type RosterRoute =
  | 'getRoster'
  | 'decideRoster'
  | 'importRoster'
  | 'admitAgent'
  | 'approveTools'
  | 'listToolDefinitions'
  | 'listRisks'

/** The routes of the roster: decisions on the thread that records, questions in the projection worker. */
export function rosterHandlers({
  views,
  rosters,
}: Pick<HandlerSources, 'views' | 'rosters'>): Pick<Handlers, RosterRoute> {
  return {
    getRoster: async () => rosters.wire(),
    decideRoster: ({ body, caller }) => rosters.decide(body, caller.name),
    importRoster: ({ body, caller }) => rosters.import(body, caller.name),
    admitAgent: ({ body, caller }) => rosters.admit(body, caller.name),
    approveTools: async ({ params, body, caller }) => {
      const asked = await views.ask('listToolDefinitions', { agent: params.agent })
      const { name, items } = JSON.parse(asked) as Answer<'listToolDefinitions'> // the worker's answer to this question
      const approved = approvable(name, items, body.server)
      if (approved.length === 0) {
        throw new HttpError(
          404,
          `no definition that a proxy has seen${body.server === undefined ? '' : ' of that server'}`,
        )
      }
      return await rosters.approve(approved, body.reason, caller.name)
    },
    listToolDefinitions: ({ params }) => views.ask('listToolDefinitions', params),
    listRisks: ({ query }) => views.ask('listRisks', { query }),
  }
}
