import { AUDIT_VERDICTS, AUDITS } from '@holdfast/model'
import { z } from 'zod'
import { itemSchema, quarantineSchema } from './quarantine-schemas.ts'
import { nanoSchema } from './schemas.ts'
import { auditSchema, responseScopeSchema, scopeSchema } from './scoping-schemas.ts'

const params = z.object({ incident: z.string() })
const reasonSchema = z.string().trim().min(1).max(1_000)

/** What an incident reached. */
export const scopingRoutes = {
  getResponseScope: {
    method: 'GET',
    path: '/api/v1/incidents/{incident}/response-scope',
    access: 'viewer',
    summary: 'What an incident reached, by what could be taken away: agents, identities, tools, items, channels, edges',
    params,
    query: z.object({}),
    response: responseScopeSchema,
  },
  getIncidentScope: {
    method: 'GET',
    path: '/api/v1/incidents/{incident}/scope',
    access: 'viewer',
    summary: 'What an incident touched and could have reached, and what the sweep says of each receiver',
    params,
    query: z.object({
      until: nanoSchema.optional().meta({ description: 'nothing that was claimed after it; no end unless told' }),
    }),
    response: scopeSchema,
  },
  freezeScope: {
    idempotencyKey: true,
    method: 'POST',
    path: '/api/v1/incidents/{incident}/scope',
    access: 'analyst',
    summary: 'Fixes the scope as it is now: its digest is on record, and what comes later is seen against it',
    params,
    query: z.object({}),
    body: z.object({ reason: reasonSchema }),
    response: scopeSchema,
  },
  getIncidentAudit: {
    method: 'GET',
    path: '/api/v1/incidents/{incident}/audit',
    access: 'viewer',
    summary: 'What is gone through after an incident: siblings, channels and gates, descriptions, reach, identities',
    params,
    query: z.object({}),
    response: auditSchema,
  },
  markAudit: {
    method: 'POST',
    path: '/api/v1/incidents/{incident}/audit',
    access: 'analyst',
    summary: 'Says what came of looking at rows of an audit; recorded with the name',
    params,
    query: z.object({}),
    body: z.object({
      audit: z.enum(AUDITS),
      items: z.array(z.string().min(1).max(2_000)).min(1).max(500),
      verdict: z.enum(AUDIT_VERDICTS),
      reason: reasonSchema,
      entries: z.array(z.int().min(0)).max(64).default([]),
    }),
    response: auditSchema,
  },
  attachScan: {
    idempotencyKey: true,
    method: 'POST',
    path: '/api/v1/incidents/{incident}/scan',
    access: 'analyst',
    summary: 'Attaches what a scanner said of an image: JSON of Trivy or Grype, or SARIF',
    params,
    query: z.object({ image: z.string().min(1).max(600) }),
    body: z.record(z.string(), z.unknown()),
    response: auditSchema,
  },
  listQuarantine: {
    method: 'GET',
    path: '/api/v1/quarantine',
    access: 'viewer',
    summary: 'Items that contexts are kept from; asked by agents and proxies before they bring a text in',
    params: z.object({}),
    query: z.object({}),
    response: quarantineSchema,
  },
  quarantineItem: {
    idempotencyKey: true,
    method: 'POST',
    path: '/api/v1/quarantine',
    access: 'analyst',
    summary: 'Keeps an item out of contexts, or lets it in again; its evidence copy is named first',
    params: z.object({}),
    query: z.object({}),
    body: z.object({
      do: z.enum(['quarantine', 'release']),
      item: itemSchema,
      incident: z.string().max(200).optional(),
      reason: reasonSchema,
    }),
    response: quarantineSchema,
  },
} as const
