import { pageOf, REPORT_CSP, toHtml, toMarkdown } from '@holdfast/respond'
import type { Handlers } from '../http/handlers.ts'
import type { Reports } from './reports.ts'

type ReportRoute = 'getLenses' | 'getReportJson' | 'getReportMarkdown' | 'getReportHtml'

/** The report of an incident in its three forms. */
export function reportHandlers(reports: Reports): Pick<Handlers, ReportRoute> {
  return {
    getReportJson: async ({ params, caller }) =>
      JSON.stringify((await reports.make(params.incident, caller.name)).report),
    getLenses: async ({ params, caller }) => JSON.stringify(await reports.lenses(params.incident, caller.name)),
    getReportMarkdown: async ({ params, caller, reply }) => {
      const { report } = await reports.make(params.incident, caller.name)
      reply.type('text/markdown; charset=utf-8')
      return Buffer.from(toMarkdown(pageOf(report)))
    },
    getReportHtml: async ({ params, caller, reply }) => {
      const { report } = await reports.make(params.incident, caller.name)
      // It holds captured text and is opened beside the workspace: it may do nothing, not even as a page of this server.
      reply.type('text/html; charset=utf-8').header('content-security-policy', `sandbox; ${REPORT_CSP}`)
      return Buffer.from(toHtml(pageOf(report)))
    },
  }
}
