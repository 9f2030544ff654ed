import { z } from 'zod'
import { diagnosticSchema } from './diagnostic-schemas.ts'

const about = {
  agent: z.string().max(600).optional().meta({ description: 'the one with the most records unless told' }),
  at: z.iso
    .datetime({ offset: true })
    .optional()
    .meta({ description: 'the newest that its records claim unless told' }),
}

/** The five questions, the nine capabilities, the scorecard and the daily attestations. */
export const diagnosticRoutes = {
  getDiagnostic: {
    method: 'GET',
    path: '/api/v1/diagnostic',
    access: 'viewer',
    summary: 'Five questions and nine capabilities for one agent and instant, looked up now',
    params: z.object({}),
    query: z.object(about),
    response: diagnosticSchema,
  },
} as const
