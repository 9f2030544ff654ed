import { importFile } from '../import/import-file.ts'
import { importHistory } from '../import/import-history.ts'
import { declaredBy } from '../import/declared-by.ts'
import { integrityOf } from '../integrity.ts'
import type { Handlers, HandlerSources } from './handlers.ts'
import { isHistory } from './import-bodies.ts'
import { checkpointOf, checkpointsOf, consistencyOf, leavesOf, proofOf, rawEntryOf } from './log-routes.ts'
import { HttpError } from './problem.ts'

type LogRoute =
  | 'getRawEntry'
  | 'getProof'
  | 'getIntegrity'
  | 'getCheckpoint'
  | 'makeCheckpoint'
  | 'getConsistency'
  | 'listCheckpoints'
  | 'getLeaves'
  | 'importFile'
  | 'getPolicy'
  | 'putPolicy'
  | 'eraseContent'

/** The log itself: what proves it, what comes into it by hand, what may be stored in it and what is erased from it. */
export function logHandlers(sources: HandlerSources): Pick<Handlers, LogRoute> {
  const { recorder, reader, views, policy, reveals } = sources
  return {
    getRawEntry: async ({ params, caller }) => {
      await reveals.record(caller.name, `log entry ${params.index}`)
      return rawEntryOf(reader, params.index)
    },
    getProof: async ({ params }) => ({ proof: await proofOf(recorder, params.index) }),
    getIntegrity: async () => integrityOf(sources),
    getCheckpoint: async () => checkpointOf(recorder.checkpoint()),
    makeCheckpoint: async () => checkpointOf(await recorder.signCheckpoint()),
    getConsistency: async ({ query }) => consistencyOf(recorder, query.from, query.to),
    listCheckpoints: async ({ query }) => checkpointsOf(reader, query),
    getLeaves: async ({ query, reply }) => {
      reply.type('application/octet-stream')
      return leavesOf(reader, query)
    },
    importFile: ({ query, body, caller }) => {
      const what = { recorder, gaps: sources.gaps, policy: policy.current(), name: query.name, by: caller.name }
      // Memory of its own: ImportBodies made it.
      return isHistory(body)
        ? importHistory(what, body)
        : importFile({ ...what, bytes: body as Uint8Array<ArrayBuffer>, declared: declaredBy(query) })
    },
    getPolicy: async () => ({ policy: policy.current() ?? null }),
    putPolicy: async ({ body, caller }) => {
      await policy.replace(body.policy ?? undefined, caller.name)
      return { policy: policy.current() ?? null }
    },
    eraseContent: async ({ body, caller }) => {
      const agent = sources.parseAgent(body.agent)
      if (agent === undefined) throw new HttpError(404, `"${body.agent}" is not an agent id`)
      const erased = await recorder.eraseKey(
        { agent, ...sources.contentScope },
        { by: caller.name, reason: body.reason },
      )
      // What was derived from the erased content goes with it.
      await views.rebuild()
      return { keys: erased.keys, entries: erased.entries }
    },
  }
}
