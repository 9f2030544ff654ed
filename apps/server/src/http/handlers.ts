import { randomUUID } from 'node:crypto'
import type { Readable } from 'node:stream'
import type { Answer, Body, Params, Query, RouteName } from '@holdfast/api'
import type { LogReader, Recorder } from '@holdfast/recorder'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { PolicyStore } from '../capture-policy.ts'
import { runDoctor } from '../doctor/run-doctor.ts'
import { type RevealLog } from '../reveal-log.ts'
import { type IntegritySources } from '../integrity.ts'
import type { SensorLink } from '../sensor/link.ts'
import type { Matrix } from '@holdfast/respond'
import type { SensorEnrolment } from '../sensor/enrolment.ts'
import type { LocalSensor } from '../sensor/local-sensor.ts'
import type { ViewsClient } from '../views/client.ts'
import { callerOf, secretOf, sessionCookie } from './credentials.ts'
import { signInHandlers } from '../sign-in/handlers.ts'
import type { ProviderSignIn } from '../sign-in/provider-sign-in.ts'
import type { Auth, Caller } from './auth.ts'
import type { LiveStreams } from './live-streams.ts'
import { connectorHandlers } from '../connectors/handlers.ts'
import type { RunningConnectors } from '../connectors/running-connectors.ts'
import { managedHandlers } from '../managed/handlers.ts'
import type { ManagedPlatforms } from '../managed/managed-platforms.ts'
import { containmentHandlers } from '../containment/handlers.ts'
import type { Containments } from '../containment/containments.ts'
import type { OnlineProxies } from '../proxy/online-proxies.ts'
import { proxyOrderHandlers } from '../proxy/order-handlers.ts'
import type { ProxyBatches } from '../proxy/proxy-batches.ts'
import type { ProxyOrders } from '../proxy/proxy-orders.ts'
import { inventoryHandlers } from '../inventory/handlers.ts'
import { auditHandlers } from '../audit/handlers.ts'
import type { Audits } from '../audit/audits.ts'
import { stripHandlers } from '../strip/strip-handlers.ts'
import { annotationHandlers } from '../annotations/handlers.ts'
import type { Annotations } from '../annotations/annotations.ts'
import { huntHandlers } from '../hunt/handlers.ts'
import { accountHandlers } from '../accounts/handlers.ts'
import type { Accounts } from '../accounts/accounts.ts'
import { demoHandlers } from '../demo/handlers.ts'
import type { Demos } from '../demo/demos.ts'
import { withoutRemoved } from '../demo/without-removed.ts'
import { standingHandlers } from '../standing/handlers.ts'
import type { Owners } from '../standing/owners.ts'
import { caseHandlers } from '../case/handlers.ts'
import { recoveryHandlers } from '../recovery/handlers.ts'
import type { Recovery } from '../recovery/recovery.ts'
import { learningHandlers } from '../learning/handlers.ts'
import { ladderHandlers } from '../ladder/handlers.ts'
import type { Cases } from '../case/cases.ts'
import { noticeHandlers } from '../notices/handlers.ts'
import type { Outbox } from '../notices/outbox.ts'
import { driftHandlers } from '../drift/handlers.ts'
import type { DriftSignals } from '../drift/drift-signals.ts'
import { detectorHandlers } from '../detector/handlers.ts'
import { diagnosticHandlers, type DiagnosticParts } from '../diagnostic/handlers.ts'
import { fleetHandlers } from '../fleet/handlers.ts'
import { incidentHandlers } from '../incidents/handlers.ts'
import type { Duties } from '../duties/duties.ts'
import { dutyHandlers } from '../duties/handlers.ts'
import { runbookHandlers } from '../skills/runbook-handlers.ts'
import { skillHandlers } from '../skills/handlers.ts'
import type { Skills } from '../skills/skills.ts'
import { reportHandlers } from '../reports/handlers.ts'
import type { Reports } from '../reports/reports.ts'
import { responseHandlers, type Response } from '../response/handlers.ts'
import { rosterHandlers } from '../roster/handlers.ts'
import type { Rosters } from '../roster/rosters.ts'
import { scopeHandlers } from '../scope/handlers.ts'
import { scopingHandlers } from '../scoping/handlers.ts'
import type { Scoping } from '../scoping/scoping.ts'
import { policyHandlers } from '../policy/handlers.ts'
import type { PolicyParts } from '../policy/policy-sources.ts'
import { profileHandlers } from '../profile/handlers.ts'
import { sensorHandlers } from './sensor-handlers.ts'
import { logHandlers } from './log-handlers.ts'
import { workspaceHandlers } from './workspace-handlers.ts'

export type Call<N extends RouteName> = {
  readonly params: Params<N>
  readonly query: Query<N>
  readonly body: Body<N>
  readonly caller: Caller
  readonly request: FastifyRequest
  readonly reply: FastifyReply
}

/** One handler a route. A string is JSON already; a handler that wrote to the reply itself answers undefined. */
export type Handlers = {
  readonly [N in RouteName]: (call: Call<N>) => Promise<Answer<N> | string | Buffer | Readable | undefined>
}

export type HandlerSources = IntegritySources & {
  readonly auth: Auth
  readonly accounts: Accounts
  readonly signIn: Pick<ProviderSignIn, 'offer' | 'exchange'> | undefined
  readonly owners: Owners
  readonly annotations: Annotations
  readonly demos: Demos
  readonly recorder: Recorder
  readonly reader: LogReader
  readonly views: ViewsClient
  readonly policy: PolicyStore
  readonly streams: LiveStreams
  readonly reveals: RevealLog
  readonly sensors: SensorLink
  readonly containments: Containments
  readonly connectors: RunningConnectors
  readonly managed: ManagedPlatforms
  readonly rosters: Rosters
  readonly proxyOrders: { readonly orders: ProxyOrders; readonly online: OnlineProxies }
  readonly proxies: ProxyBatches
  readonly cases: Cases
  readonly response: Response
  readonly recovery: Recovery
  readonly audits: Audits
  readonly scoping: Scoping
  readonly reports: Reports
  readonly skills: Skills
  readonly matrix: Matrix
  readonly duties: Duties
  readonly driftSignals: DriftSignals
  readonly diagnostic: DiagnosticParts
  readonly notices: Outbox
  readonly policies: PolicyParts
  readonly localSensor: Pick<LocalSensor, 'state'>
  readonly enrolment: Pick<SensorEnrolment, 'makeToken' | 'revoke'> | undefined
  readonly folder: string
  readonly version: string
  /** Where agents of this machine send to, as the workspace shows it. */
  readonly otlpHttp: string
}

/** What each route does. Reading goes to the projection worker; writing is recorded before it is done. */
export function createHandlers(sources: HandlerSources): Handlers {
  const { auth, views, streams } = sources
  const all: Handlers = {
    ...workspaceHandlers(sources),
    ...logHandlers(sources),
    tail: async ({ query, request, reply }) => {
      streams.openTail(reply, query, () => callerOf(auth, request, false) !== undefined)
      return undefined
    },
    changes: async ({ request, reply }) => {
      streams.openChanges(reply, () => callerOf(auth, request, false) !== undefined)
      return undefined
    },
    ...accountHandlers(sources),
    ...stripHandlers(sources),
    ...annotationHandlers(sources.annotations),
    ...huntHandlers(sources),
    ...auditHandlers(sources),
    ...demoHandlers(sources.demos),
    ...scopeHandlers(sources),
    ...scopingHandlers(sources),
    ...sensorHandlers(sources),
    ...inventoryHandlers(views),
    ...rosterHandlers(sources),
    ...driftHandlers(sources),
    ...detectorHandlers(sources),
    ...fleetHandlers(sources),
    ...incidentHandlers(sources),
    ...caseHandlers(sources),
    ...standingHandlers(sources),
    ...reportHandlers(sources.reports),
    ...skillHandlers(sources.skills),
    ...runbookHandlers(sources),
    ...dutyHandlers(sources.duties),
    ...diagnosticHandlers(sources),
    ...learningHandlers(sources),
    ...recoveryHandlers(sources),
    ...ladderHandlers(sources.response),
    ...responseHandlers(sources),
    ...noticeHandlers(sources),
    ...policyHandlers(sources),
    ...profileHandlers(sources),
    ...proxyOrderHandlers({ ...sources.proxyOrders, views }),
    postProxyBatch: ({ params, query, body, caller }) =>
      sources.proxies.take({ ...params, ...query, body, credential: caller.name }),
    ...connectorHandlers(sources.connectors),
    ...managedHandlers(sources.managed),
    ...containmentHandlers(sources.containments),
    doctor: () => runDoctor(sources),
    getSession: async ({ caller }) => ({
      name: caller.name,
      role: caller.role,
      approves: [...caller.approves],
      version: sources.version,
      otlpHttp: sources.otlpHttp,
    }),
    ...signInHandlers(sources),
    endSession: async ({ caller, request, reply }) => {
      const { of, secret } = secretOf(request)
      const hasEnded = auth.signOut(secret)
      reply.header('set-cookie', sessionCookie({ value: '', maxAgeS: 0 }))
      // After it: a session ends whether that can be recorded or not.
      if (hasEnded)
        await sources.recorder.appendControl({
          kind: 'operator-action',
          actionId: randomUUID(),
          action: 'sign-out',
          by: caller.name,
          target: 'workspace',
          detail: `the session of one ${of}`,
          outcome: 'done',
        })
      return {}
    },
  }
  return { ...all, ...withoutRemoved(all, sources) }
}
