import { randomBytes } from 'node:crypto'
import { hostname } from 'node:os'
import { basename, dirname, resolve } from 'node:path'
import type { RunSummary } from '@holdfast/api'
import { agentIdOf, shellWord } from '@holdfast/model'
import { CliError } from '../../cli-error.ts'
import type { CliContext } from '../../context.ts'
import { RUN_LOOK_ENTRIES, RUN_LOOK_MS } from '../../limits.ts'
import { inert } from '../../render/inert.ts'
import { printDocument, say } from '../../render/output.ts'
import { apiOf, type Api } from '../../server/api.ts'
import { presentedBy, requireAdmitted } from '../../roster/admission.ts'
import { findServer, type ServerAddress } from '../../server/find-server.ts'
import { otlpAddressOf } from '../../server/otlp-address.ts'
import { startServer, type OwnServer } from '../../server/server-program.ts'
import { runChild, type Ended } from './child.ts'
import type { RunFlags } from './command.ts'
import { environmentOf } from './environment.ts'
import { lastWordOf, WAS_AWAY, type LastWord } from './last-word.ts'
import { pythonFolder, registerModule } from './register-module.ts'
import { policyReport } from './policy/report.ts'
import { readRunPolicy, type RunPolicy } from './policy/run-policy.ts'
import { readConfinement, type Confinement } from './seccomp/confinement.ts'
import { loggedCalls } from './seccomp/effect.ts'
import { runConfined } from './seccomp/run-confined.ts'
import { unseenOfProfile } from './seccomp/unseen.ts'
import { workloadIn } from './workload.ts'
import { setupViolations, violationsOf } from './seccomp/violations.ts'
import { refuseEnded } from './refuse-ended.ts'
import { closeSight, openSight, type Sight } from './sight.ts'
import { progressLine, reportText, type RunReport } from './summary.ts'

/** Runs a program as a watched agent, says what it does, and ends with its exit code. */
export async function runAgent(this: CliContext, flags: RunFlags, ...command: readonly string[]): Promise<void> {
  // The signals are the program's to answer; what we still ask of the server goes on.
  const context: CliContext = { ...this, signal: new AbortController().signal }
  const given = flags.seccomp === undefined ? undefined : readConfinement(flags.seccomp, context)
  if (flags.policy === undefined && (flags.mode ?? flags.loopback) !== undefined)
    throw new CliError('usage', '--mode and --loopback are of --policy')
  const found = serverIfAny(context, flags)
  const own = found === undefined ? await ownServer(context, flags) : undefined
  try {
    const api = apiOf(context, found ?? addressOf(own))
    const policy = await readRunPolicy(context, flags, api)
    if (given !== undefined && policy?.seccomp !== undefined)
      throw new CliError('usage', '--seccomp: the policy has a profile of its own')
    const confinement = policy?.seccomp?.confinement ?? given
    const report = await runInto({ context, flags, command, api, confinement, policy, asked: this.signal })
    this.exitAs(report.exitCode)
    if (flags.json) printDocument(this, 'json', report)
    else this.stderr.write(reportText(report, this.program))
  } finally {
    await own?.stop()
  }
}

/** What belongs to one run, fixed before it begins. */
type Run = {
  readonly id: string
  readonly name: string
  readonly host: string
  readonly trace: string
  readonly traceparent: string
  /** Size of the log when it began. */
  readonly from: number
}

type Task = {
  readonly context: CliContext
  readonly flags: RunFlags
  readonly command: readonly string[]
  readonly api: Api
  readonly confinement: Confinement | undefined
  readonly policy: RunPolicy | undefined
  /** Aborted where it is asked to end; once the program runs that is the program's to answer. */
  readonly asked: AbortSignal
}

async function runInto({ context, flags, command, api, confinement, policy, asked }: Task): Promise<RunReport> {
  const name = flags.name ?? basename(command[0] ?? '')
  const stated = context.env['OTEL_SERVICE_NAME'] ?? ''
  // Its telemetry goes by the name of the run from here on: what it goes by elsewhere would be another agent.
  if (flags.name === undefined && stated !== '' && stated !== name)
    say(context, `this run goes by ${inert(name)}; OTEL_SERVICE_NAME says: --name ${inert(shellWord(stated))}`)
  await refuseEnded(api, name)
  await requireAdmitted(context, api, presentedBy(context, { ...flags, name }))
  const otlp = await otlpAddressOf(api, { flag: flags.otlp, env: context.env })
  const trace = randomBytes(16).toString('hex')
  const run: Run = {
    id: `run-${randomBytes(8).toString('hex')}`,
    name,
    host: hostname(),
    trace,
    traceparent: `00-${trace}-${randomBytes(8).toString('hex')}-01`,
    from: (await api.call('getIntegrity')).size,
  }
  const seccomp = confinement && {
    profile: confinement.digest,
    logged: loggedCalls(confinement.profile, confinement.machine),
    ...(policy?.seccomp === undefined ? {} : { artifact: policy.seccomp.artifact.id, mode: policy.seccomp.mode }),
  }
  const watched = {
    run: run.id,
    name: run.name,
    workload: workloadIn(context.env),
    traceparent: run.traceparent,
    seccomp,
    egress: policy?.egress?.list,
  }
  for (const note of policy?.notes ?? []) say(context, `holdfast: ${note}`)
  const sight = await openSight(api, watched, run.host)
  if (sight.status === 'telemetry' && policy?.egress !== undefined)
    throw new CliError('unavailable', `the egress policy cannot be put on: ${sight.reasons.join('; ')}`)
  if (sight.status === 'telemetry')
    for (const reason of sight.reasons) say(context, `holdfast: less is seen: ${inert(reason)}`)
  if (asked.aborted) {
    if (sight.status === 'kernel') await closeSight(api, sight)
    throw new CliError('fault', `stopped by ${String(asked.reason)} before the program began`)
  }
  const began = performance.now()
  const register = registerModule()
  const live = follow(context, api, run, sight)
  const child = {
    command,
    cwd: context.cwd,
    env: environmentOf(context.env, {
      ...run,
      run: run.id,
      otlp,
      register,
      python: pythonFolder(),
      data: dataOf(context, flags, api),
    }),
    cgroup: sight.status === 'kernel' ? sight.cgroup.folder : undefined,
    isOutputOurs: flags.json,
  }
  const ended = await (confinement === undefined ? runChild(child) : runConfined(child, { confinement, id: run.id }))
  const durationMs = Math.round(performance.now() - began)
  const wasAway = live.stop()
  const leftBehind = sight.status === 'kernel' ? await sight.cgroup.end() : 0
  const patience = setTimeout(() => say(context, 'holdfast: waiting for the last of its records'), RUN_LOOK_MS)
  const missed = sight.status === 'kernel' ? await closeSight(api, sight) : undefined
  clearTimeout(patience)
  const word = await lastWordOf(run, sight, () => summaryOf(api, run, sight))
  const { summary } = word
  const inTheWay = summary.processes.length > 0 ? [] : setupViolations(summary.violations)
  if (inTheWay.length > 0) say(context, `holdfast: the profile refused what starts it: ${inert(inTheWay.join(', '))}`)
  const untold = [
    ...(missed === undefined ? [] : [missed]),
    ...(word.status === 'untold' ? [word.missing] : wasAway ? [WAS_AWAY] : []),
    ...(word.status === 'told' && sight.status === 'kernel' ? await untoldTls(api, sight, summary) : []),
  ]
  return reportOf({ api, run, sight, confinement, policy, ended, word, untold, durationMs, leftBehind })
}

/** The folder of the server, unless an address in the environment goes before it. */
function dataOf({ cwd }: CliContext, { data }: RunFlags, { server }: Api): string | undefined {
  if (data !== undefined) return resolve(cwd, data)
  return basename(server.namedBy) === 'server.json' ? dirname(server.namedBy) : undefined
}

/** Says from time to time how far the run is, for as long as looking is cheap. */
function follow(context: CliContext, api: Api, run: Run, sight: Sight): { readonly stop: () => boolean } {
  let last = ''
  let timer: NodeJS.Timeout | undefined
  let isStopped = false
  let wasAway = false
  const look = async (): Promise<void> => {
    try {
      const summary = await summaryOf(api, run, sight)
      if (isStopped || summary.entries > RUN_LOOK_ENTRIES) return
      const line = progressLine(summary)
      if (line !== last && summary.entries > 0) say(context, `holdfast: ${line}`)
      last = line
    } catch {
      // Tried again: the end of the run says what is wrong.
      wasAway = true
    }
    next()
  }
  const next = (): void => {
    if (!isStopped) timer = setTimeout(() => void look(), RUN_LOOK_MS).unref()
  }
  next()
  return {
    stop: () => {
      isStopped = true
      clearTimeout(timer)
      return wasAway
    },
  }
}

function summaryOf(api: Api, run: Run, sight: Sight): Promise<RunSummary> {
  const agent = sight.status === 'kernel' ? sight.agent : agentIdOf({ kind: 'host', host: run.host, service: run.name })
  return api.call('getRun', { params: { run: run.id }, query: { agent, trace: run.trace, from: run.from } })
}

function reportOf(parts: {
  readonly api: Api
  readonly run: Run
  readonly sight: Sight
  readonly confinement: Confinement | undefined
  readonly policy: RunPolicy | undefined
  readonly ended: Ended
  readonly word: LastWord
  /** What may be missing at the end, and programs whose TLS could not be read; a sentence each. */
  readonly untold: readonly string[]
  readonly durationMs: number
  readonly leftBehind: number
}): RunReport {
  const { api, run, sight, confinement, policy, ended, word, untold, durationMs, leftBehind } = parts
  const { summary } = word
  const { agent, processes, filesWritten, destinations, toolCalls, conversations, syscalls, cut } = summary
  const proven = {
    profile: confinement?.profile,
    isProven: sight.status === 'kernel' && sight.sensor.programs.some(isBeginning),
  }
  const violations = violationsOf(summary.violations, proven)
  return {
    run: run.id,
    name: run.name,
    agent,
    trace: run.trace,
    server: api.server.http,
    sight: word.status === 'told' ? sight.status : 'none',
    exitCode: ended.code,
    ...(ended.signal === undefined ? {} : { signal: ended.signal }),
    durationMs,
    processes,
    filesWritten,
    destinations,
    toolCalls,
    conversations,
    syscalls,
    violations,
    ...(policy === undefined ? {} : { policy: policyReport(policy, { violations, unlisted: summary.unlisted }) }),
    ...(confinement === undefined ? {} : { seccomp: { profile: confinement.digest } }),
    leftBehind,
    cut,
    unseen: [...unseenOf(sight, summary), ...unseenOfProfile(confinement?.profile, sight.status), ...untold],
  }
}

/** The program of the sensor that proves what a filter refused. */
function isBeginning({ name, attached }: { readonly name: string; readonly attached: boolean }): boolean {
  return name === 'observe_begun' && attached
}

/** Of the run's own programs, those whose TLS is not seen, by name and reason. */
async function untoldTls(
  api: Api,
  { sensor }: Extract<Sight, { status: 'kernel' }>,
  { processes }: RunSummary,
): Promise<readonly string[]> {
  const own = new Set(processes.map(({ binary }) => binary))
  const known = (await api.call('listSensors')).items.find(({ id }) => id === sensor.id)
  return (known?.tls ?? []).flatMap(({ program, unseen }) =>
    own.has(program) && unseen.length > 0 ? [`plain text of TLS of ${program}: ${unseen.join('; ')}`] : [],
  )
}

function unseenOf(sight: Sight, summary: RunSummary): readonly string[] {
  const kernel =
    sight.status === 'kernel'
      ? [...sight.sensor.unseen, ...unjoinedOf(summary)]
      : ['processes, files and connections, but for what the agent itself reports', ...sight.reasons]
  const calls = summary.toolCalls.length > 0 ? [] : ['tool calls: the agent sent no telemetry that tells of one']
  return [...kernel, ...calls]
}

/** An agent that told of its acts, and gave no program that it started the trace context of one. */
function unjoinedOf({ toolCalls, processes, programsOfActs }: RunSummary): readonly string[] {
  const started = processes.length - 1
  if (toolCalls.length === 0 || started < 1 || programsOfActs > 0) return []
  const what = started === 1 ? 'the other program carries' : `the ${started} other programs carry`
  return [`which act started what: ${what} no trace context of one (sensor/README.md, "Which act it was")`]
}

/** The running server that is meant, or undefined where none runs here and nobody named one. */
function serverIfAny(context: CliContext, flags: RunFlags): ServerAddress | undefined {
  try {
    return findServer({ env: context.env, cwd: context.cwd, data: flags.data })
  } catch (fault) {
    // None runs: the run brings its own.
    if (fault instanceof CliError && fault.code === 'unavailable') return undefined
    throw fault
  }
}

async function ownServer(context: CliContext, flags: RunFlags): Promise<OwnServer> {
  const data = resolve(context.cwd, flags.data ?? '.holdfast')
  say(context, `no server runs here: starting one on ${data} for as long as the run takes`)
  return startServer(['--data', data, '--http-port', '0', '--otlp-http-port', '0', '--otlp-grpc-port', '0'])
}

function addressOf(own: OwnServer | undefined): ServerAddress {
  if (own === undefined) throw new CliError('fault', 'the run has no server')
  return { ...own.ready, pid: undefined, namedBy: 'the run' }
}
