import { DIAGNOSTIC_QUESTIONS, LIFECYCLE_PHASES, SCORES } from '@holdfast/model'
import { z } from 'zod'
import { diagnosticSchema } from './diagnostic-schemas.ts'
import {
  attestationSchema,
  attestationsSchema,
  auditSchema,
  auditsSchema,
  scorecardSchema,
} from './scorecard-schemas.ts'

const none = z.object({})
const reason = z.string().trim().min(1).max(1_000)
const agent = z.string().max(600)
const about = {
  agent: agent.optional().meta({ description: 'the one with the most records unless told' }),
  at: z.iso
    .datetime({ offset: true })
    .optional()
    .meta({ description: 'the newest that its records claim unless told' }),
}
const row = z.string().regex(/^[a-z0-9][a-z0-9-]{0,59}$/)

/** The five questions, the nine capabilities, the scorecard and the daily attestations. */
export const diagnosticRoutes = {
  getDiagnostic: {
    method: 'GET',
    path: '/api/v1/diagnostic',
    access: 'viewer',
    summary: 'Five questions and nine capabilities for one agent and instant, looked up now',
    params: none,
    query: z.object(about),
    response: diagnosticSchema,
  },
  exportDiagnostic: {
    method: 'POST',
    path: '/api/v1/diagnostic/export',
    access: 'analyst',
    summary: 'The answers with the log entries that they rest on: a bundle that verifies without a server',
    params: none,
    query: z.object({
      ...about,
      question: z.enum(DIAGNOSTIC_QUESTIONS).optional().meta({ description: 'this one alone' }),
    }),
    response: 'application/zip',
  },
  listSelfAudits: {
    method: 'GET',
    path: '/api/v1/diagnostic/audits',
    access: 'viewer',
    summary: 'Self-audits that were held, the newest first, each with what became different',
    params: none,
    query: z.object({ agent: agent.optional() }),
    response: auditsSchema,
  },
  holdSelfAudit: {
    idempotencyKey: true,
    method: 'POST',
    path: '/api/v1/diagnostic/audits',
    access: 'analyst',
    summary: 'Asks everything now and keeps what it came to in the log',
    params: none,
    query: none,
    body: z.object({ ...about, reason }),
    response: auditSchema,
  },
  scheduleSelfAudits: {
    method: 'POST',
    path: '/api/v1/diagnostic/schedule',
    access: 'admin',
    summary: 'How often audits are held by themselves; recorded first',
    params: none,
    query: none,
    body: z.object({
      everyDays: z.int().min(0).max(366).meta({ description: '0 ends it' }),
      agents: z.array(agent).max(1_000).optional().meta({ description: 'every agent unless told' }),
      reason,
    }),
    response: auditsSchema,
  },
  getScorecard: {
    method: 'GET',
    path: '/api/v1/scorecard',
    access: 'viewer',
    summary: 'How far categories of tools serve the four phases, with the history of what was changed',
    params: none,
    query: none,
    response: scorecardSchema,
  },
  decideScorecard: {
    method: 'POST',
    path: '/api/v1/scorecard',
    access: 'analyst',
    summary: 'Scores, adds or removes a row; recorded first',
    params: none,
    query: none,
    body: z.object({
      decision: z.discriminatedUnion('do', [
        z.object({ do: z.literal('scored'), row, phase: z.enum(LIFECYCLE_PHASES), score: z.enum(SCORES) }),
        z.object({ do: z.literal('added'), row, name: z.string().trim().min(1).max(120) }),
        z.object({ do: z.literal('removed'), row }),
      ]),
      reason,
    }),
    response: scorecardSchema,
  },
  listAttestations: {
    method: 'GET',
    path: '/api/v1/attestations',
    access: 'viewer',
    summary: 'Signed statements of days, the newest first, and the days that have none',
    params: none,
    query: none,
    response: attestationsSchema,
  },
  getAttestation: {
    method: 'GET',
    path: '/api/v1/attestations/{day}',
    access: 'viewer',
    summary: 'The statement of one day with its signed note; of today as far as it is, unsigned',
    params: z.object({ day: z.iso.date() }),
    query: none,
    response: attestationSchema,
  },
} as const
