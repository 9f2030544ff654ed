import { z } from 'zod'
import { capturePolicySchema, importResultSchema, policyInForceSchema, rfc3339Schema } from './schemas.ts'

const none = z.object({})

/** What comes in otherwise than as telemetry, what is kept of all that comes, and what is erased. */
export const captureRoutes = {
  importFile: {
    method: 'POST',
    path: '/api/v1/import',
    access: 'admin',
    summary: 'Loads a recording, a history, or a document that declares an agent',
    params: none,
    query: z.object({
      name: z.string().min(1).max(300),
      agent: z.string().max(600).optional().meta({ description: 'agent id that documents declare which name none' }),
      cluster: z.string().max(256).optional().meta({ description: 'cluster that manifests are of' }),
      at: rfc3339Schema
        .optional()
        .meta({ description: 'since when documents hold; when they are recorded unless told' }),
    }),
    body: 'bytes',
    response: importResultSchema,
  },
  getPolicy: {
    method: 'GET',
    path: '/api/v1/capture-policy',
    access: 'viewer',
    summary: 'The capture policy in force; null: nothing is stored',
    etag: 'of-bytes',
    params: none,
    query: none,
    response: z.object({ policy: policyInForceSchema.nullable() }),
  },
  putPolicy: {
    method: 'PUT',
    path: '/api/v1/capture-policy',
    access: 'admin',
    summary: 'Replaces the capture policy; null stops capture',
    params: none,
    query: none,
    body: z.object({ policy: capturePolicySchema.nullable() }),
    response: z.object({ policy: policyInForceSchema.nullable() }),
  },
  eraseContent: {
    idempotencyKey: true,
    method: 'POST',
    path: '/api/v1/erasures',
    access: 'admin',
    summary: 'Destroys the content keys of an agent; proofs stay valid',
    params: none,
    query: none,
    body: z.object({ agent: z.string(), reason: z.string().min(1).max(1000) }),
    response: z.object({ keys: z.int(), entries: z.int() }),
  },
} as const
