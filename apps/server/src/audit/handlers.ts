import type { Handlers, HandlerSources } from '../http/handlers.ts'
import { coldStorage, coolLog, restoreLog } from './cold-storage.ts'

type AuditRoute =
  | 'listAudit'
  | 'findAudit'
  | 'getAuditRow'
  | 'exportAuditRow'
  | 'getColdStorage'
  | 'coolLog'
  | 'restoreLog'

/** Rows of the audit, and the storage that they last in. */
export function auditHandlers(sources: HandlerSources): Pick<Handlers, AuditRoute> {
  const { audits } = sources
  return {
    listAudit: ({ query }) => audits.list(query),
    findAudit: ({ query }) => audits.find(query.id),
    getAuditRow: ({ params, caller }) => audits.rowJson(params.row, caller.name),
    exportAuditRow: async ({ params, caller, reply }) => {
      const { name, bytes, content } = await audits.pack(params.row, caller.name)
      reply
        .type('application/zip')
        .header('content-length', bytes)
        .header('content-disposition', `attachment; filename="${name}"`)
      return content
    },
    getColdStorage: async () => coldStorage(sources),
    coolLog: ({ body, caller }) => coolLog(sources, body, caller.name),
    restoreLog: ({ body, caller }) => restoreLog(sources, body, caller.name),
  }
}
