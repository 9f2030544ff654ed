import { z } from 'zod'

const params = z.object({ incident: z.string() })
const query = z.object({})

/** The report of an incident for those who were not there. Who reads it is on record first. */
export const reportRoutes = {
  getReportJson: {
    method: 'GET',
    path: '/api/v1/incidents/{incident}/report.json',
    access: 'analyst',
    summary: 'The report of an incident, in the form of docs/schemas/incident-report.json',
    params,
    query,
    response: 'application/json',
  },
  getReportMarkdown: {
    method: 'GET',
    path: '/api/v1/incidents/{incident}/report.md',
    access: 'analyst',
    summary: 'The same report as Markdown',
    params,
    query,
    response: 'text/markdown',
  },
  getReportHtml: {
    method: 'GET',
    path: '/api/v1/incidents/{incident}/report.html',
    access: 'analyst',
    summary: 'The same report as one page that needs nothing else, to be read or printed',
    params,
    query,
    response: 'text/html',
  },
  getLenses: {
    method: 'GET',
    path: '/api/v1/incidents/{incident}/lenses',
    access: 'analyst',
    summary: 'Access log, call stacks and data trajectory of an incident, which count the same; 409 where they do not',
    params,
    query,
    response: 'application/json',
  },
} as const
