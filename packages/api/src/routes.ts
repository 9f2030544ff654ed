import { HUNT_QUERY_CHARACTERS, type AccountRole } from '@holdfast/model'
import { z } from 'zod'
import {
  agentDetailSchema,
  agentSchema,
  contentTextSchema,
  contextHitSchema,
  conversationSchema,
  eventSchema,
  exportQuerySchema,
  evidenceStatusSchema,
  pageOf,
  pageQuerySchema,
  searchHitSchema,
} from './schemas.ts'
import { checkSchema, evidenceReadySchema, modelCoverageSchema } from './doctor-schemas.ts'
import { captureRoutes } from './capture-routes.ts'
import { logRoutes } from './log-routes.ts'
import { auditRoutes } from './audit-routes.ts'
import { accountRoutes } from './account-routes.ts'
import { annotationRoutes } from './annotation-routes.ts'
import { caseRoutes } from './case-routes.ts'
import { connectorRoutes } from './connector-routes.ts'
import { managedRoutes } from './managed-routes.ts'
import { containmentRoutes } from './containment-routes.ts'
import { demoRoutes } from './demo-routes.ts'
import { dutyRoutes } from './duty-routes.ts'
import { runbookRoutes } from './runbook-routes.ts'
import { skillRoutes } from './skill-routes.ts'
import { graphRoutes } from './graph-routes.ts'
import { proxyRoutes } from './proxy-routes.ts'
import { huntRoutes } from './hunt-routes.ts'
import { incidentRoutes } from './incident-routes.ts'
import { inventoryRoutes } from './inventory-routes.ts'
import { driftRoutes } from './drift-routes.ts'
import { fleetRoutes } from './fleet-routes.ts'
import { detectorRoutes } from './detector-routes.ts'
import { diagnosticRoutes } from './diagnostic-routes.ts'
import { responseMetricsRoutes } from './response-metrics-routes.ts'
import { recoveryRoutes } from './recovery-routes.ts'
import { learningRoutes } from './learning-routes.ts'
import { ladderRoutes } from './ladder-routes.ts'
import { reportRoutes } from './report-routes.ts'
import { responseRoutes } from './response-routes.ts'
import { rosterRoutes } from './roster-routes.ts'
import { scopeRoutes } from './scope-routes.ts'
import { timelineRoutes } from './timeline-routes.ts'
import { scopingRoutes } from './scoping-routes.ts'
import { noticeRoutes } from './notice-routes.ts'
import { policyRoutes } from './policy-routes.ts'
import { profileRoutes } from './profile-routes.ts'
import { sensorRoutes } from './sensor-routes.ts'
import { updatedSince } from './updated-since.ts'

/** Roles of the product, weakest first. A route names the weakest that may call it; `public` needs no credential. */
export type Access = 'public' | AccountRole

export type RouteSpec = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** With `{name}` for path parameters. */
  readonly path: string
  readonly access: Access
  readonly summary: string
  readonly params: z.ZodObject
  readonly query: z.ZodObject
  /**
   * The answer has an `ETag`, and `If-None-Match` is answered with 304: of its bytes, or the one that its member `etag` states.
   */
  readonly etag?: 'of-bytes' | 'of-member'
  /** Takes `If-Match` with the ETag of what it acts on; 412 where that is another by now. */
  readonly ifMatch?: true
  /** Makes something, and takes `Idempotency-Key`: a repeat under it makes nothing and gets the answer of the first. */
  readonly idempotencyKey?: true
  /** JSON body; `bytes` where the body is taken as it comes. */
  readonly body?: z.ZodType | 'bytes'
  /** JSON schema of the answer; a media type where its form is written down elsewhere. */
  readonly response:
    | z.ZodType
    | 'application/zip'
    | 'text/event-stream'
    | 'application/octet-stream'
    | 'application/json'
    | 'text/markdown'
    | 'text/html'
}

const none = z.object({})
const conversationParams = z.object({ conversation: z.string() })
const eventParams = z.object({ event: z.string() })

/** Every route below `/api/v1`: the one definition behind the server, the OpenAPI document and both clients. */
export const routes = {
  listAgents: {
    method: 'GET',
    path: '/api/v1/agents',
    access: 'viewer',
    summary: 'Agents, most recently heard first',
    params: none,
    query: pageQuerySchema.extend({
      ...updatedSince('those of which something was recorded since'),
      q: z.string().max(200).optional(),
      standing: z
        .enum(['agents', 'principals'])
        .optional()
        .meta({ description: 'principals: people, roles and services of which only audit logs tell' }),
    }),
    response: pageOf(agentSchema),
  },
  getAgent: {
    method: 'GET',
    path: '/api/v1/agents/{agent}',
    access: 'viewer',
    summary: 'One agent with its mapping coverage',
    params: z.object({ agent: z.string() }),
    query: none,
    response: agentDetailSchema,
  },
  listConversations: {
    method: 'GET',
    path: '/api/v1/conversations',
    access: 'viewer',
    summary:
      'Conversations that hold an act, most recently recorded first; what holds structure alone is found by search',
    params: none,
    query: pageQuerySchema.extend({
      ...updatedSince('those of which something was recorded since'),
      agent: z.string().optional(),
      q: z.string().max(200).optional(),
    }),
    response: pageOf(conversationSchema),
  },
  getConversation: {
    method: 'GET',
    path: '/api/v1/conversations/{conversation}',
    access: 'viewer',
    summary: 'One conversation',
    params: conversationParams,
    query: none,
    response: conversationSchema,
  },
  ...graphRoutes,
  getEvidence: {
    method: 'GET',
    path: '/api/v1/conversations/{conversation}/evidence',
    access: 'viewer',
    summary: 'The six forensic artifacts with completeness, reasons and remedies',
    params: conversationParams,
    query: none,
    response: evidenceStatusSchema,
  },
  exportEvidence: {
    method: 'POST',
    path: '/api/v1/conversations/{conversation}/export',
    access: 'analyst',
    summary: 'An evidence bundle that verifies without a server; with fields hidden, the log states the rest first',
    params: conversationParams,
    query: exportQuerySchema,
    response: 'application/zip',
  },
  getEvent: {
    method: 'GET',
    path: '/api/v1/events/{event}',
    access: 'viewer',
    summary: 'One event, without its texts',
    params: eventParams,
    query: none,
    response: eventSchema,
  },
  getContent: {
    method: 'GET',
    path: '/api/v1/events/{event}/content/{slot}',
    access: 'analyst',
    summary: 'A window of one captured text; who reads it is on record first',
    params: eventParams.extend({ slot: z.string() }),
    query: z.object({
      offset: z.coerce.number().int().min(0).optional(),
      limit: z.coerce.number().int().min(1).max(262_144).optional(),
    }),
    response: contentTextSchema,
  },
  getEventValues: {
    method: 'GET',
    path: '/api/v1/events/{event}/values',
    access: 'analyst',
    summary:
      'Values of its texts by their fingerprints, such as an edge by content names; who reads it is on record first',
    params: eventParams,
    query: z.object({
      fingerprints: z
        .string()
        .regex(/^[\w-]{12}(?:,[\w-]{12}){0,63}$/)
        .meta({ description: 'joined by commas' }),
    }),
    response: z
      .object({
        event: z.string(),
        values: z.array(
          z.object({
            fingerprint: z.string(),
            value: z.string().meta({ description: 'folded to lower case, masked as the text is; untrusted' }),
            slot: z.string(),
          }),
        ),
      })
      .meta({ id: 'EventValues' }),
  },
  ...logRoutes,
  listEvents: {
    method: 'GET',
    path: '/api/v1/events',
    access: 'viewer',
    summary: 'Events, newest recorded first',
    params: none,
    query: pageQuerySchema.extend({
      agent: z.string().optional(),
      kind: z.string().optional(),
      q: z.string().max(200).optional(),
    }),
    response: pageOf(eventSchema),
  },
  tail: {
    method: 'GET',
    path: '/api/v1/tail',
    access: 'viewer',
    summary: 'Events as they are recorded',
    params: none,
    query: z.object({
      agent: z.string().optional(),
      include: z.string().max(200).optional(),
      exclude: z.string().max(200).optional(),
      kind: z.string().optional(),
      q: z
        .string()
        .max(HUNT_QUERY_CHARACTERS)
        .optional()
        .meta({ description: 'a query of the hunt, without class, incident, signal and text' }),
      since: z.coerce
        .number()
        .int()
        .min(0)
        .optional()
        .meta({ description: 'first log entry; the present end unless told' }),
    }),
    response: 'text/event-stream',
  },
  changes: {
    method: 'GET',
    path: '/api/v1/changes',
    access: 'viewer',
    summary: 'What changed, so that views can be read again: {size, projected, agents}',
    params: none,
    query: none,
    response: 'text/event-stream',
  },
  search: {
    method: 'GET',
    path: '/api/v1/search',
    access: 'viewer',
    summary:
      'Opens any id: incident, agent, conversation, trace, span, event, tool, document, digest, entry, response plan, finding, pod; finds tools and documents by words of their name or address',
    params: none,
    query: z.object({ q: z.string().min(1).max(300) }),
    response: z.object({ items: z.array(searchHitSchema), understood: z.string() }),
  },
  contexts: {
    method: 'GET',
    path: '/api/v1/contexts',
    access: 'viewer',
    summary: 'Which contexts did this text enter',
    params: none,
    query: z.object({ digest: z.string().optional(), value: z.string().optional() }),
    response: z.object({ items: z.array(contextHitSchema), cut: z.int() }),
  },
  ...captureRoutes,
  ...accountRoutes,
  ...annotationRoutes,
  ...auditRoutes,
  ...demoRoutes,
  ...responseRoutes,
  ...scopeRoutes,
  ...scopingRoutes,
  ...sensorRoutes,
  ...proxyRoutes,
  ...connectorRoutes,
  ...managedRoutes,
  ...containmentRoutes,
  ...inventoryRoutes,
  ...rosterRoutes,
  ...driftRoutes,
  ...fleetRoutes,
  ...detectorRoutes,
  ...diagnosticRoutes,
  ...huntRoutes,
  ...incidentRoutes,
  ...timelineRoutes,
  ...caseRoutes,
  ...reportRoutes,
  ...skillRoutes,
  ...runbookRoutes,
  ...dutyRoutes,
  ...learningRoutes,
  ...recoveryRoutes,
  ...responseMetricsRoutes,
  ...ladderRoutes,
  ...noticeRoutes,
  ...policyRoutes,
  ...profileRoutes,
  doctor: {
    method: 'GET',
    path: '/api/v1/doctor',
    access: 'viewer',
    summary: 'What would be missing now, and the setting that would capture it',
    params: none,
    query: none,
    response: z.object({
      checks: z.array(checkSchema),
      evidence: evidenceReadySchema,
      modelCalls: modelCoverageSchema,
    }),
  },
  getSession: {
    method: 'GET',
    path: '/api/v1/session',
    access: 'viewer',
    summary: 'Who is asking',
    params: none,
    query: none,
    response: z.object({
      name: z.string(),
      role: z.string(),
      approves: z
        .array(z.string())
        .meta({ description: 'as whom the caller may say yes to a plan, whoever the agent' }),
      version: z.string(),
      otlpHttp: z.string().optional().meta({ description: 'OTLP over HTTP of this server' }),
    }),
  },
  endSession: {
    method: 'DELETE',
    path: '/api/v1/session',
    access: 'viewer',
    summary: 'Signs out',
    params: none,
    query: none,
    response: z.object({}),
  },
} as const satisfies Record<string, RouteSpec>

export type Routes = typeof routes
export type RouteName = keyof Routes
/** Path parameters as the handler sees them. */
export type Params<N extends RouteName> = z.output<Routes[N]['params']>
export type Query<N extends RouteName> = z.output<Routes[N]['query']>
export type Body<N extends RouteName> = Routes[N] extends { readonly body: infer B }
  ? B extends z.ZodType
    ? z.output<B>
    : Uint8Array
  : undefined
/** JSON answer of a route; `never` where it is not JSON. */
export type Answer<N extends RouteName> = Routes[N]['response'] extends z.ZodType
  ? z.output<Routes[N]['response']>
  : never
