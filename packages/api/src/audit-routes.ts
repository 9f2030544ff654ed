import { AUDIT_SUBJECTS } from '@holdfast/model'
import { z } from 'zod'
import { auditHitSchema, auditListSchema, auditRowSchema, coldFileSchema } from './audit-schemas.ts'

const none = z.object({})
const rowParams = z.object({ row: z.string() })
const reason = z.string().trim().min(1).max(1_000)
const folder = z.string().min(1).max(4_096).optional()
const files = z.array(z.string())
const count = z.int().min(0)

/** Rows of the audit, and the storage that they last in. Who reads a row is on record first. */
export const auditRoutes = {
  listAudit: {
    method: 'GET',
    path: '/api/v1/audit',
    access: 'viewer',
    summary: 'Violations and incidents, newest first, each with the row that it has',
    params: none,
    query: z.object({
      kind: z.enum(AUDIT_SUBJECTS).optional(),
      agent: z.string().max(800).optional(),
      artifact: z.string().max(100).optional(),
      limit: z.coerce.number().int().min(1).max(500).optional(),
      cursor: z.string().max(40).optional(),
    }),
    response: auditListSchema,
  },
  findAudit: {
    method: 'GET',
    path: '/api/v1/audit-rows',
    access: 'viewer',
    summary: 'Rows that hold an id of any kind: event, trace, span, conversation, call, incident, document, row',
    params: none,
    query: z.object({ id: z.string().min(1).max(800) }),
    response: z.object({ items: z.array(auditHitSchema), understood: z.string() }),
  },
  getAuditRow: {
    method: 'GET',
    path: '/api/v1/audit-rows/{row}',
    access: 'viewer',
    summary: 'One row as canonical JSON, with its proofs: the same log gives the same bytes',
    params: rowParams,
    query: none,
    response: auditRowSchema,
  },
  exportAuditRow: {
    method: 'GET',
    path: '/api/v1/audit-rows/{row}/pack',
    access: 'analyst',
    summary: 'The row and all that it rests on as one bundle that verifies without a server',
    params: rowParams,
    query: none,
    response: 'application/zip',
  },
  getColdStorage: {
    method: 'GET',
    path: '/api/v1/log/cold',
    access: 'viewer',
    summary: 'What of the log lies in cold storage, and whether its files are there',
    params: none,
    query: none,
    response: z.object({ files: z.array(coldFileSchema) }),
  },
  coolLog: {
    method: 'POST',
    path: '/api/v1/log/cold',
    access: 'admin',
    summary: 'Moves the content of old segments to cold storage; proofs and index stay',
    params: none,
    query: none,
    body: z.object({ before: z.iso.datetime({ offset: true }), to: folder, reason }),
    response: z.object({ files, segments: count, entries: count, bytes: count, kept: count }),
  },
  restoreLog: {
    method: 'POST',
    path: '/api/v1/log/restore',
    access: 'admin',
    summary: 'Brings back what lies in cold storage',
    params: none,
    query: none,
    body: z.object({ from: folder, reason }),
    response: z.object({ files, segments: count, entries: count, absent: files }),
  },
} as const
