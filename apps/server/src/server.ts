import { randomUUID } from 'node:crypto'
import { renameSync, rmSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { parseAgentId } from '@holdfast/model'
import { LogReader, Recorder } from '@holdfast/recorder'
import type { FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import { PolicyStore } from './capture-policy.ts'
import { wallClock } from './clock.ts'
import { removeLeftExports } from './export-evidence.ts'
import { GapCounter } from './gap-counter.ts'
import { callLater } from './call-later.ts'
import { createApp } from './http/app.ts'
import { Accounts } from './accounts/accounts.ts'
import { Annotations } from './annotations/annotations.ts'
import { Owners } from './standing/owners.ts'
import { Audits } from './audit/audits.ts'
import { approverOf } from './accounts/approver.ts'
import { closeApp, OpenConnections } from './http/close-app.ts'
import { Auth, callerOfAccount, FOLDER_CALLER } from './http/auth.ts'
import { Containments } from './containment/containments.ts'
import { Cases } from './case/cases.ts'
import { detectFacts } from './case/detect-facts.ts'
import { Recovery } from './recovery/recovery.ts'
import { recoveryFacts } from './recovery/recovery-facts.ts'
import { learnFacts } from './learning/learn-facts.ts'
import { loadRunbooks } from './case/runbooks.ts'
import { Rosters } from './roster/rosters.ts'
import { scopeOf } from './scoping/response-scope.ts'
import { openScoping } from './scoping/scoping.ts'
import { passOnQuarantine } from './scoping/pass-on-quarantine.ts'
import { leastCompleteness } from './containment/handlers.ts'
import { createHandlers } from './http/handlers.ts'
import { IntegrityLedger } from './integrity-ledger.ts'
import { LiveStreams } from './http/live-streams.ts'
import { createMetrics } from './metrics.ts'
import { loadConnectors, noConnectors } from './connectors/config.ts'
import { openResponders } from './connectors/open-responders.ts'
import { ownMarks } from './connectors/own-marks.ts'
import { RunningConnectors } from './connectors/running-connectors.ts'
import { ManagedPlatforms } from './managed/managed-platforms.ts'
import { openPlatforms } from './managed/open-platforms.ts'
import { IncidentWatch } from './notices/incident-watch.ts'
import { openChannels, slackAppsOf } from './notices/open-channels.ts'
import { proposedOf } from './notices/proposed.ts'
import { approveBySlack } from './notices/slack-approval.ts'
import { SlackHook } from './notices/slack-hook.ts'
import { StepWatch } from './notices/step-watch.ts'
import type { ServerOptions } from './options.ts'
import { startOtlpGrpc } from './otlp/grpc.ts'
import { startOtlpHttp } from './otlp/http.ts'
import { listenOrNext } from './listen.ts'
import { LeftSpools } from './proxy/left-spools.ts'
import { OnlineProxies } from './proxy/online-proxies.ts'
import { ProxyBatches } from './proxy/proxy-batches.ts'
import { ProxyOrders } from './proxy/proxy-orders.ts'
import { proxyResponder } from './proxy/proxy-responder.ts'
import { openDoctor } from './doctor/open-doctor.ts'
import { openDiagnostic } from './diagnostic/open.ts'
import { Demos } from './demo/demos.ts'
import { Duties } from './duties/duties.ts'
import { loadRegimes } from './duties/load-regimes.ts'
import { Skills } from './skills/skills.ts'
import { Reports } from './reports/reports.ts'
import { RevealLog } from './reveal-log.ts'
import { Outbox } from './notices/outbox.ts'
import { collectorsOn, RunningResponse } from './response/open-response.ts'
import { destinationsWithout } from './response/other-destinations.ts'
import { PlanBook } from './response/plan-book.ts'
import { planFacts } from './response/plan-facts.ts'
import { SensorResponder } from './response/sensor-responder.ts'
import { readRules, tellRules } from './rules/load-rules.ts'
import { loadToken } from './secrets.ts'
import { LocalSensor } from './sensor/local-sensor.ts'
import { openSensors } from './sensor/open.ts'
import { openPolicies } from './policy/open-policies.ts'
import { collectorPlaces } from './policy/around.ts'
import { openDrift } from './drift/open-drift.ts'
import { readiness } from './readiness.ts'
import { VERSION } from './version.ts'
import { ViewsClient } from './views/client.ts'

/** Under which keys received content is encrypted, until capture policies tell classes apart. */
const CONTENT_SCOPE = { dataClass: 'content', retention: 'default' } as const

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

/**
 * Opens the data folder and serves it: OTLP in, API and workspace out. Throws RecorderError `locked` or `corrupt` for
 * the folder and an Error that names the owner for a port that is taken.
 */
export async function startServer(options: ServerOptions, logger: Logger, webFolder: string): Promise<RunningServer> {
  await using stack = new AsyncDisposableStack()
  const folder = options.data
  const connectors = options.connectors === undefined ? noConnectors() : loadConnectors(options.connectors)
  const recorder = stack.use(
    await Recorder.open({
      folder,
      clock: wallClock,
      version: VERSION,
      classify: () => CONTENT_SCOPE,
      origin: `holdfast.local/${randomUUID()}`,
    }),
  )
  let isStarted = false
  // Runs after everything below has ended: what listeners still took in, and the gaps they counted, stand before it.
  stack.defer(async () => {
    if (!isStarted) return
    await recorder.appendControl({ kind: 'server', action: 'stopped', version: VERSION, detail: `pid ${process.pid}` })
  })
  await removeLeftExports(folder)
  const reader = stack.use(LogReader.open({ folder }))
  const policy = await PolicyStore.open({ recorder, recorded: reader.controls('capture-policy'), by: 'holdfast up' })
  const gaps = stack.use(
    new GapCounter({
      clock: wallClock,
      write: (record) => recorder.appendControl(record),
      onError: (error) => logger.error({ err: error }, 'a gap could not be recorded yet'),
    }),
  )
  const rules = readRules(options.rules)
  const views = stack.use(
    await ViewsClient.start({
      folder,
      rules: rules.sources,
      onBroken: (message) => logger.error({ detail: message }, 'the projection stopped'),
      onRules: (report) => tellRules({ ...report, problems: [...rules.problems, ...report.problems] }, logger),
    }),
  )
  stack.defer(recorder.subscribe((size) => views.grown(size)))
  views.grown(recorder.size)

  const sink = {
    append: recorder.append.bind(recorder),
    policy: () => policy.current(),
    refused: gaps.count.bind(gaps),
  }
  const otlpHttp = stack.use(
    await listenOrNext(options, options.otlpHttpPort, (port) => startOtlpHttp({ host: options.host, port, sink })),
  )
  const otlpGrpc = stack.use(
    await listenOrNext(options, options.otlpGrpcPort, (port) => startOtlpGrpc({ host: options.host, port, sink })),
  )

  const sensors = await openSensors({
    folder,
    recorder,
    reader,
    policy,
    gaps,
    clock: wallClock,
    logger,
    listenAt: options.sensorListen,
  })
  if (sensors.socket !== undefined) stack.use(sensors.socket)
  if (sensors.remote !== undefined) stack.use(sensors.remote.listener)
  // Ends before the socket does, so that its last batches and words are taken.
  const localSensor = stack.use(
    new LocalSensor({ folder, link: sensors.link, logger, isWanted: options.sensor && sensors.socket !== undefined }),
  )

  const shared = { recorder, reader, views, clock: wallClock, logger }
  const otlpPlaces = collectorPlaces(options.host, [otlpHttp.port, otlpGrpc.port])

  const proxies = new ProxyBatches({ recorder, reader, policy: () => policy.current(), gaps, clock: wallClock })
  const onlineProxies = stack.use(new OnlineProxies({ nowMs: () => performance.now() }))
  const proxyOrders = new ProxyOrders({ recorder, reader, online: onlineProxies, clock: wallClock })
  stack.use(new LeftSpools({ folder: join(folder, 'proxy-spool'), proxies, logger }))

  const metrics = createMetrics({ recorder, views, gaps, listeners: { http: otlpHttp, grpc: otlpGrpc } })

  const token = loadToken(folder)
  // FC14: monotonic, so that a step of the wall clock extends no session and no sign-in link.
  const accounts = new Accounts({
    recorder,
    reader,
    clock: wallClock,
    onError: (error) => logger.error({ err: error }, 'the use of an account could not be recorded'),
  })
  const auth = new Auth({ token, now: () => performance.now(), accounts })
  const streams = stack.use(new LiveStreams(views))
  const notices = stack.use(
    new Outbox({
      recorder,
      reader,
      channels: openChannels(connectors),
      clock: wallClock,
      random: Math.random,
      later: callLater,
      logger,
    }),
  )
  const matrix = loadRunbooks()
  const book = new PlanBook({ recorder, reader, clock: wallClock })
  const systems = openResponders(
    connectors,
    ownMarks(folder, (plan) => book.standingIn(plan)),
  )
  const scoping = openScoping({ recorder, reader, views, clock: wallClock })
  passOnQuarantine({ orders: proxyOrders, online: onlineProxies, scoping, reader, logger })
  const cases = new Cases({
    recorder,
    reader,
    views,
    matrix,
    facts: [
      detectFacts,
      planFacts(book),
      scoping.facts,
      learnFacts(reader),
      (question) => recoveryFacts(recovery)(question),
    ],
    clock: wallClock,
    onError: (error) => logger.warn({ err: error }, 'a part of the program could not look at something for a case'),
  })
  const recovery = new Recovery({
    recorder,
    reader,
    views,
    cases,
    clock: wallClock,
    onError: (error) => logger.warn({ err: error }, 'a case was gone on without where an agent comes back'),
  })
  // FC3: who reads content is on record first.
  const reveals = new RevealLog({
    write: (record) => recorder.appendControl(record),
    now: () => performance.now(),
    makeId: randomUUID,
  })
  const duties = stack.use(
    new Duties({
      recorder,
      reader,
      views,
      regimes: loadRegimes(),
      notices,
      clock: wallClock,
      onError: (error) => logger.error({ err: error }, 'a duty that began could not be told'),
    }),
  )
  const drift = stack.use(openDrift({ ...shared, notices, connectors, gaps, policy: () => policy.current() }))
  const rosters = new Rosters({ recorder, reader, clock: wallClock })
  const annotations = new Annotations(shared)
  const reports = new Reports({
    recorder,
    views,
    annotations,
    cases,
    matrix,
    duties: async ({ incident }) => duties.clocksOf(incident),
    reveals,
    clock: wallClock,
    version: VERSION,
  })
  const containments = new Containments({
    recorder,
    reader,
    sensors: sensors.link,
    clock: wallClock,
    completeness: (agent) => leastCompleteness(views, agent),
    onStep: (record) => {
      cases
        .noteContainment(record)
        .catch((error: unknown) => logger.error({ err: error }, 'a containment is not in the case of its agent'))
      response.noteContainment(record)
    },
  })
  const response = stack.use(
    new RunningResponse({
      recorder,
      reader,
      views,
      cases,
      book,
      containments,
      approverNow: (name, agents) => {
        const account = accounts.named(name)
        const caller = name === FOLDER_CALLER.name ? FOLDER_CALLER : account && callerOfAccount(account)
        return caller && approverOf(caller, agents, rosters)
      },
      notices,
      scopeOf: ({ id }) => scopeOf(views)(id),
      dutiesOf: async (incident, hold) => duties.ofHold(incident, hold),
      responders: [
        new SensorResponder({
          sensors: sensors.link,
          containments,
          collectorsOf: (sensor) => collectorsOn(sensor, { host: options.host, ports: [otlpHttp.port, otlpGrpc.port] }),
          othersThan: (agent, shut) =>
            destinationsWithout(views, { agent, shut, now: new Date(Date.now()).toISOString() }),
        }),
        proxyResponder({ orders: proxyOrders, online: onlineProxies }),
        ...systems,
      ],
      clock: wallClock,
      onError: (error, what) => logger.error({ err: error }, what),
    }),
  )
  const runningConnectors = stack.use(new RunningConnectors({ connectors: systems, recorder, logger }))
  const managed = stack.use(
    new ManagedPlatforms({
      platforms: openPlatforms(connectors.managed),
      recorder,
      reader,
      gaps,
      policy: () => policy.current(),
      logger,
      now: Date.now,
    }),
  )
  sensors.link.onEnded((sensor, endings) => containments.noteEnded(sensor, endings))
  const incidentWatch = stack.use(
    new IncidentWatch({
      views,
      notices,
      proposed: async (incident) => proposedOf((await response.situations.of(incident)).decision),
      clock: wallClock,
      later: callLater,
      escalateAfterMs: connectors.escalation['after-minutes'] * 60_000,
      logger,
    }),
  )
  const stepWatch = stack.use(
    new StepWatch({
      recorder,
      reader,
      notices,
      matrix,
      incidentOf: ({ plan }) => incidentWatch.incidentOf(plan.agent),
      logger,
    }),
  )
  const skills = new Skills({
    recorder,
    reader,
    views,
    folder,
    cases,
    plans: response.plans,
    notices,
    rosters,
    sensors: sensors.link,
    clock: wallClock,
  })
  const { policies, keepers } = openPolicies({ ...shared, folder, connectors, systems, notices, collector: otlpPlaces })
  stack.use(keepers)
  const audits = new Audits({
    recorder,
    reader,
    views,
    reveals,
    policies,
    folder,
  })
  const diagnostic = openDiagnostic({
    recorder,
    reader,
    views,
    audits,
    policies,
    clock: wallClock,
    onError: (error, what) => logger.error({ err: error }, what),
  })
  stack.use(diagnostic.clockwork)
  const sources = {
    audits,
    recorder,
    reader,
    views,
    policy,
    gaps,
    ledger: new IntegrityLedger(reader),
    folder,
    auth,
    accounts,
    annotations,
    owners: new Owners(shared),
    demos: new Demos({ ...shared, contentScope: CONTENT_SCOPE }),
    streams,
    sensors: sensors.link,
    containments,
    connectors: runningConnectors,
    managed,
    rosters,
    cases,
    response,
    scoping,
    recovery,
    notices,
    localSensor,
    enrolment: sensors.remote?.enrolment,
    proxies,
    proxyOrders: { orders: proxyOrders, online: onlineProxies },
    reveals,
    policies,
    reports,
    skills,
    matrix,
    duties,
    driftSignals: drift.signals,
    diagnostic,
    clock: wallClock,
    parseAgent: parseAgentId,
    contentScope: CONTENT_SCOPE,
    version: VERSION,
    otlpHttp: urlOf(options.host, otlpHttp.port),
  }
  const slackHook = new SlackHook({
    apps: slackAppsOf(connectors),
    callerOf: (name) => {
      const account = accounts.named(name)
      return account === undefined ? undefined : callerOfAccount(account)
    },
    approve: (plan, by) =>
      approveBySlack({ plans: response.plans, rosters: sources.rosters, notices, clock: wallClock }, plan, by),
    recorder,
    nowMs: Date.now,
    logger,
  })
  // Ends before the outbox does: what a person said is told.
  stack.defer(() => slackHook.settled())
  const doctor = openDoctor(sources, logger)
  const app = await createApp({
    auth,
    slackHook,
    gitHook: drift.gitHook,
    handlers: createHandlers(sources),
    version: VERSION,
    webFolder,
    metrics: async () => `${await metrics()}${await doctor.metrics()}`,
    doctor: () => doctor.latest(),
    ready: () => readiness(recorder, views),
    behind: () => recorder.size - views.reach,
    logger,
  })
  const connections = new OpenConnections(app.server)
  const http = await listenOrNext(options, options.httpPort, (port) => listen(app, options.host, port))
  stack.defer(() => closeApp(app, { connections }))
  stack.defer(() => streams[Symbol.dispose]())

  response.start()
  duties.start()
  keepers.start()
  drift.start()
  diagnostic.clockwork.start()
  await recorder.appendControl({ kind: 'server', action: 'started', version: VERSION, detail: `pid ${process.pid}` })
  const addresses = {
    http: urlOf(options.host, http),
    otlpHttp: urlOf(options.host, otlpHttp.port),
    otlpGrpc: urlOf(options.host, otlpGrpc.port),
    ...(options.sensorListen === undefined || sensors.remote === undefined
      ? {}
      : { sensors: urlOf(options.sensorListen.host, sensors.remote.listener.port).replace('http:', 'https:') }),
  }
  const addressFile = join(folder, 'server.json')
  // Renamed into place: a command that reads it finds it whole or not at all.
  writeFileSync(`${addressFile}.new`, `${JSON.stringify({ ...addresses, token, pid: process.pid })}\n`, { mode: 0o600 })
  renameSync(`${addressFile}.new`, addressFile)
  stack.defer(() => rmSync(addressFile, { force: true }))
  // What was done to agents while no server told their cases of it.
  cases
    .catchUp()
    .catch((error: unknown) => logger.warn({ err: error }, 'open cases have not all been told of their holds yet'))
  await notices.start()
  incidentWatch.start()
  stepWatch.start()
  runningConnectors.start()
  managed.start()
  isStarted = true
  const owned = stack.move()
  return {
    ...addresses,
    token,
    signInUrl: `${addresses.http}/sign-in?code=${auth.makeSignInCode()}`,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

function urlOf(host: string, port: number): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`
}

async function listen(app: FastifyInstance, host: string, port: number): Promise<number> {
  await app.listen({ host, port })
  const address = app.server.address() as AddressInfo // a listening TCP server has one
  return address.port
}
