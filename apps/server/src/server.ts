import { renameSync, rmSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { parseAgentId } from '@holdfast/model'
import type { FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import { Accounts } from './accounts/accounts.ts'
import { Demos } from './demo/demos.ts'
import { openDoctor } from './doctor/open-doctor.ts'
import { forwardMetrics } from './forward/forward-metrics.ts'
import { createApp } from './http/app.ts'
import { Auth, callerOfAccount } from './http/auth.ts'
import { closeApp, OpenConnections } from './http/close-app.ts'
import { createHandlers, type HandlerSources } from './http/handlers.ts'
import { LiveStreams } from './http/live-streams.ts'
import { IntegrityLedger } from './integrity-ledger.ts'
import { listenOrNext } from './listen.ts'
import { createMetrics } from './metrics.ts'
import { slackAppsOf } from './notices/open-channels.ts'
import { approveBySlack } from './notices/slack-approval.ts'
import { SlackHook } from './notices/slack-hook.ts'
import { type Accounting, openAccounting } from './opening/accounting.ts'
import { type Casework, openCasework } from './opening/casework.ts'
import { type Intake, openIntake } from './opening/intake.ts'
import { openReports } from './opening/reports.ts'
import { type Acting, openResponse } from './opening/response.ts'
import { CONTENT_SCOPE, openSpine, type Spine } from './opening/spine.ts'
import type { ServerOptions } from './options.ts'
import { readiness } from './readiness.ts'
import { loadToken } from './secrets.ts'
import type { Reports } from './reports/reports.ts'
import { Owners } from './standing/owners.ts'
import { openSignIn } from './sign-in/open-sign-in.ts'
import type { ProviderSignIn } from './sign-in/provider-sign-in.ts'
import { VERSION } from './version.ts'
import { givingBack } from './views/give-back.ts'

export type RunningServer = AsyncDisposable & {
  readonly http: string
  readonly otlpHttp: string
  readonly otlpGrpc: string
  /** Where sensors of other hosts speak to it, if it listens for them. */
  readonly sensors?: string
  readonly token: string
  /** Opens the workspace once, in a browser. */
  readonly signInUrl: string
}

type Parts = Intake &
  Casework &
  Accounting &
  Acting & {
    readonly auth: Auth
    readonly accounts: Accounts
    readonly streams: LiveStreams
    readonly reports: Reports
  }

/**
 * Opens the data folder and serves it: OTLP in, API and workspace out. Throws RecorderError `locked` or `corrupt` for
 * the folder and an Error that names the owner for a port that is taken.
 */
export async function startServer(options: ServerOptions, logger: Logger, webFolder: string): Promise<RunningServer> {
  await using stack = new AsyncDisposableStack()
  stack.use(givingBack())
  const spine = await openSpine(stack, options, logger)
  const intake = await openIntake(stack, spine)
  const token = loadToken(spine.folder)
  const access = openAccess(stack, spine, token)
  const casework = openCasework(stack, spine, intake)
  const accounting = openAccounting(stack, spine, { ...intake, ...casework })
  const acting = openResponse(stack, spine, { ...intake, ...casework, ...accounting, ...access })
  const reports = openReports(spine, { ...casework, ...accounting, ...acting })
  const parts: Parts = { ...intake, ...access, ...casework, ...accounting, ...acting, reports }
  const http = await serve(stack, spine, { parts, webFolder })

  const { response, duties, keepers, drift, diagnostic, cases, notices } = parts
  response.start()
  duties.start()
  keepers.start()
  drift.start()
  diagnostic.clockwork.start()
  await spine.started()
  const addresses = addressesOf(spine, intake, http)
  leaveAddresses(stack, spine.folder, { ...addresses, token })
  // What was done to agents while no server told their cases of it.
  cases
    .catchUp()
    .catch((error: unknown) => logger.warn({ err: error }, 'open cases have not all been told of their holds yet'))
  await notices.start()
  acting.incidentWatch.start()
  acting.stepWatch.start()
  acting.runningConnectors.start()
  acting.managed.start()
  const owned = stack.move()
  return {
    ...addresses,
    token,
    signInUrl: `${addresses.http}/sign-in?code=${access.auth.makeSignInCode()}`,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

/** Who may ask, and what is told to those who listen. */
function openAccess(stack: AsyncDisposableStack, { recorder, reader, views, clock, logger }: Spine, token: string) {
  const accounts = new Accounts({
    recorder,
    reader,
    clock,
    onError: (error) => logger.error({ err: error }, 'the use of an account could not be recorded'),
  })
  // FC14: monotonic, so that a step of the wall clock extends no session and no sign-in link.
  const auth = new Auth({ token, now: () => performance.now(), accounts })
  return { accounts, auth, streams: stack.use(new LiveStreams(views)) }
}

/** Answers on the port of the workspace; gives that port. */
async function serve(
  stack: AsyncDisposableStack,
  spine: Spine,
  { parts, webFolder }: { readonly parts: Parts; readonly webFolder: string },
): Promise<number> {
  const { options, recorder, views, gaps, logger } = spine
  const { auth, drift, streams, otlpHttp, otlpGrpc, forward } = parts
  const metrics = createMetrics({ recorder, views, gaps, listeners: { http: otlpHttp, grpc: otlpGrpc } })
  const forwarded = forwardMetrics(forward)
  const slackHook = slackHookOf(spine, parts)
  // Ends before the outbox does: what a person said is told.
  stack.defer(() => slackHook.settled())
  // Known once it listens, and asked for by requests alone.
  let port = 0
  const signIn = signInOf(spine, parts, () => urlOf(options.host, port))
  const sources = { ...sourcesOf(spine, parts), signIn }
  const doctor = openDoctor(sources, logger)
  const app = await createApp({
    auth,
    signIn,
    slackHook,
    gitHook: drift.gitHook,
    handlers: createHandlers(sources),
    version: VERSION,
    webFolder,
    metrics: async () => `${await metrics()}${await doctor.metrics()}${await forwarded()}`,
    doctor: () => doctor.latest(),
    ready: () => readiness(recorder, views),
    behind: () => recorder.size - views.reach,
    onVisit: () => views.visited(),
    logger,
  })
  const connections = new OpenConnections(app.server)
  port = await listenOrNext(options, options.httpPort, (one) => listen(app, options.host, one))
  stack.defer(() => closeApp(app, { connections }))
  // Before the app: a listener that stays would hold up its end.
  stack.defer(() => streams[Symbol.dispose]())
  return port
}

function sourcesOf(spine: Spine, parts: Parts): Omit<HandlerSources, 'signIn'> {
  const { options, recorder, reader, views, clock, logger } = spine
  const { sensors, drift, otlpHttp, runningConnectors } = parts
  const shared = { recorder, reader, views, clock, logger }
  return {
    ...parts,
    ...spine,
    ledger: new IntegrityLedger(reader),
    owners: new Owners(shared),
    demos: new Demos({ ...shared, contentScope: CONTENT_SCOPE }),
    sensors: sensors.link,
    connectors: runningConnectors,
    enrolment: sensors.remote?.enrolment,
    driftSignals: drift.signals,
    parseAgent: parseAgentId,
    contentScope: CONTENT_SCOPE,
    version: VERSION,
    otlpHttp: urlOf(options.host, otlpHttp.port),
  }
}

/** Sign-in with an identity provider, where one is configured. `own` is where the server is reached unless the file says otherwise. */
function signInOf(
  { connectors, recorder, clock, logger }: Spine,
  { accounts, auth }: Parts,
  own: () => string,
): ProviderSignIn | undefined {
  return openSignIn(connectors, {
    recorder,
    accounts,
    auth,
    workspace: () => connectors.workspace ?? own(),
    // FC14, as sessions go.
    now: () => performance.now(),
    nowMs: () => Number(clock() / 1_000_000n),
    onError: (error) => logger.error({ err: error }, 'a refused sign-in could not be recorded'),
  })
}

function slackHookOf({ connectors, recorder, clock, logger }: Spine, parts: Parts): SlackHook {
  const { accounts, rosters, response, notices } = parts
  return new SlackHook({
    apps: slackAppsOf(connectors),
    callerOf: (name) => {
      const account = accounts.named(name)
      return account === undefined ? undefined : callerOfAccount(account)
    },
    approve: (plan, by) => approveBySlack({ plans: response.plans, rosters, notices, clock }, plan, by),
    recorder,
    nowMs: Date.now,
    logger,
  })
}

function addressesOf(
  { options: { host, sensorListen } }: Spine,
  { otlpHttp, otlpGrpc, sensors }: Intake,
  http: number,
) {
  return {
    http: urlOf(host, http),
    otlpHttp: urlOf(host, otlpHttp.port),
    otlpGrpc: urlOf(host, otlpGrpc.port),
    ...(sensorListen === undefined || sensors.remote === undefined
      ? {}
      : { sensors: urlOf(sensorListen.host, sensors.remote.listener.port).replace('http:', 'https:') }),
  }
}

/** Where commands of this machine find the server, as long as it runs. */
function leaveAddresses(stack: AsyncDisposableStack, folder: string, found: Readonly<Record<string, string>>): void {
  const file = join(folder, 'server.json')
  // Renamed into place: a command that reads it finds it whole or not at all.
  writeFileSync(`${file}.new`, `${JSON.stringify({ ...found, pid: process.pid })}\n`, { mode: 0o600 })
  renameSync(`${file}.new`, file)
  stack.defer(() => rmSync(file, { force: true }))
}

function urlOf(host: string, port: number): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`
}

async function listen(app: FastifyInstance, host: string, port: number): Promise<number> {
  await app.listen({ host, port })
  const address = app.server.address() as AddressInfo // a listening TCP server has one
  return address.port
}
