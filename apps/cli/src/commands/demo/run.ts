import { counted } from '@holdfast/model'
import { resolve } from 'node:path'
import type { Conversation } from '@holdfast/api'
import { OwnWords, ours } from '../../called-as.ts'
import { CliError } from '../../cli-error.ts'
import type { CliContext } from '../../context.ts'
import { endOfStarter } from '../../interruption.ts'
import { inert } from '../../render/inert.ts'
import { formatOf, paintOf, printDocument, say } from '../../render/output.ts'
import { apiOf, type Api } from '../../server/api.ts'
import { awaitProjection } from '../../server/projection.ts'
import { findServer, type ServerAddress } from '../../server/find-server.ts'
import { otlpAddressOf } from '../../server/otlp-address.ts'
import { allConversations } from '../../server/resolve-id.ts'
import { startServer, type OwnServer } from '../../server/server-program.ts'
import type { DemoFlags } from './command.ts'
import { demoEnvelopes } from './envelopes.ts'
import { demoIncident } from './incident.ts'
import { removeDemo } from './remove.ts'
import { runScenarios, type Played, type ScenarioOutcome } from './scenarios.ts'

/** What `demo --json` prints. */
export type DemoSummary = {
  readonly server: string
  readonly scenarios: readonly ScenarioOutcome[]
  /** Conversations that appeared or grew while the demo ran. */
  readonly conversations: readonly Conversation[]
}

/** Of a demo's six weeks of conversations, those of today come first. */
const CONVERSATIONS_SHOWN = 12

/**
 * Runs the scenarios, or one incident, into a server; ends with `check-failed` where one of them failed. Ends with whoever started it
 * over a channel, as `npm start` does: told for nobody, the stories would run on beside a server that has ended.
 */
export async function demo(this: CliContext, flags: DemoFlags, ...what: readonly string[]): Promise<void> {
  using starter = endOfStarter(process)
  await demoInto.call({ ...this, signal: AbortSignal.any([this.signal, starter.signal]) }, flags, what)
}

async function demoInto(this: CliContext, flags: DemoFlags, what: readonly string[]): Promise<void> {
  if (flags.own === true && flags.remove !== true && what[0] !== 'incident')
    throw new CliError('usage', '--own is of "demo incident NAME": everything else is told to a server that goes on')
  if (flags.yes === true && flags.remove !== true)
    throw new CliError('usage', '--yes answers what --remove asks: nothing else of demo asks')
  if (what.length === 1 && what[0] === 'envelopes')
    return await demoEnvelopes(this, flags, { server: serverIfAny(this, flags) })
  const agents = what.length === 1 && what[0] === 'agents'
  if (flags.remove === true) return await removeDemo(this, flags, what)
  if (what.length > 0 && !agents)
    return await demoIncident(this, flags, {
      name: nameIn(what),
      server: flags.own === true ? undefined : serverIfAny(this, flags),
    })
  const format = formatOf(flags, 'table')
  const found = serverIfAny(this, flags)
  const own = found === undefined ? await ownServer(this, flags) : undefined
  const server = found ?? addressOf(own)
  const stay = !agents && flags.stay === true
  try {
    const { summary, played } = await runInto(this, flags, { server, agents, stay })
    if (format === 'table') this.stdout.write(reportOf(this, summary))
    else printDocument(this, format, summary)
    if (summary.scenarios.some((scenario) => scenario.status === 'failed')) this.exit('check-failed')
    if (played.staying.length > 0) say(this, stayingText(summary, played.staying))
    for (const scenario of summary.scenarios) if (scenario.ended !== undefined) say(this, endedText(scenario))
    await played.ended
  } finally {
    await own?.stop()
  }
  if (format === 'table') {
    say(
      this,
      own === undefined ? `look at them: ${server.http}` : ours`look at them: holdfast up   (then open its link)`,
    )
  }
}

/** `demo incident NAME`: the only thing that is named; empty where no name follows, and then the names are listed. */
function nameIn([what, name = '', ...more]: readonly string[]): string {
  if (what !== 'incident' || more.length > 0)
    throw new CliError('usage', 'demo takes nothing, "agents", "envelopes", or "incident" and the name of one', {
      remedy: ours`holdfast demo incident sanctioned-bucket`,
    })
  return name
}

/** The running server that is meant, or undefined where none runs here and nobody named one. */
function serverIfAny(context: CliContext, flags: DemoFlags): ServerAddress | undefined {
  try {
    return findServer({ env: context.env, cwd: context.cwd, data: flags.data })
  } catch (fault) {
    // None runs: the demo brings its own.
    if (fault instanceof CliError && fault.code === 'unavailable') return undefined
    throw fault
  }
}

async function ownServer(context: CliContext, flags: DemoFlags): Promise<OwnServer> {
  const data = resolve(context.cwd, flags.data ?? '.holdfast')
  say(context, `no server runs here: starting one on ${data} for as long as the demo takes`)
  return startServer([
    '--data',
    data,
    '--http-port',
    '0',
    '--otlp-http-port',
    '0',
    '--otlp-grpc-port',
    '0',
    // To be held, an agent has to be watched.
    ...(flags.stay === true ? [] : ['--no-sensor']),
  ])
}

function addressOf(own: OwnServer | undefined): ServerAddress {
  if (own === undefined) throw new CliError('fault', 'the demo has no server')
  return { ...own.ready, pid: undefined, namedBy: 'the demo' }
}

async function runInto(
  context: CliContext,
  flags: DemoFlags,
  { server, agents, stay }: { readonly server: ServerAddress; readonly agents: boolean; readonly stay: boolean },
): Promise<{ readonly summary: DemoSummary; readonly played: Played }> {
  const api = apiOf(context, server)
  const otlp = await otlpAddressOf(api, { flag: flags.otlp, env: context.env })
  const before = await eventsByConversation(api)
  const played = await runScenarios({
    server,
    agents,
    stay,
    otlp,
    only: flags.only ?? [],
    signal: context.signal,
    onStep: (step) => say(context, `${inert(step.scenario)}: ${step.status} ${inert(step.detail)}`.trimEnd()),
    onTalk: (line) => say(context, inert(line)),
  })
  const behind = await awaitProjection(api, context.signal)
  if (behind > 0)
    say(context, `the views are ${counted(behind, 'entry', 'entries')} behind the log: later lists will show more`)
  const after = await allConversations(api)
  const appeared = after.filter((conversation) => before.get(conversation.id) !== conversation.events)
  return { summary: { server: server.http, scenarios: played.outcomes, conversations: appeared }, played }
}

/** How an agent that goes on is held: on its page or here. */
function stayingText({ server, scenarios }: DemoSummary, staying: readonly string[]): OwnWords {
  const lines = staying.map((name) => {
    const incident = inert(scenarios.find((scenario) => scenario.name === name)?.incident ?? '')
    return ours`${inert(name)} goes on until it is held. On the page: ${server}/incidents/${incident}   or here:
  holdfast incidents plan ${incident} --make
`
  })
  return new OwnWords(
    [...lines.map(() => ''), 'it ends with Ctrl-C, with holdfast demo --remove, or in 20 minutes'],
    lines,
  )
}

/** An agent that was to go on and did not: whoever would hold it finds nobody. */
function endedText({ name, ended = '', incident }: ScenarioOutcome): OwnWords {
  const read = incident === undefined ? '' : ours`\n  holdfast incidents show ${inert(incident)}`
  return ours`${inert(name)} ended with its story, since ${inert(ended)}: its incident can be read, not held${read}`
}

async function eventsByConversation(api: Api): Promise<ReadonlyMap<string, number>> {
  return new Map((await allConversations(api)).map((conversation) => [conversation.id, conversation.events]))
}

function reportOf(context: CliContext, summary: DemoSummary): string {
  const paint = paintOf(context)
  const ran = summary.scenarios.map((scenario) => {
    const status = scenario.status === 'failed' ? paint.bad(scenario.status) : paint.good(scenario.status)
    return `${status}  ${inert(scenario.name)}  ${inert(scenario.detail)}`.trimEnd()
  })
  const led = summary.scenarios.flatMap(({ name, incident }) =>
    incident === undefined
      ? []
      : [ours`${inert(name)}: holdfast incidents show ${inert(incident)}`.as(context.program)],
  )
  const seen = summary.conversations.slice(0, CONVERSATIONS_SHOWN).map((conversation) => {
    const agents = conversation.agents.map((agent) => paint.agent(agent.id, inert(agent.name))).join(', ')
    return `${inert(conversation.id)}  ${agents}  ${counted(conversation.events, 'event')}  "${inert(conversation.title)}"`
  })
  const { length: total } = summary.conversations
  const count =
    seen.length < total
      ? `${counted(total, 'conversation')}, the first ${seen.length}:`
      : `${counted(total, 'conversation')}:`
  return [...ran, ...(led.length === 0 ? [] : ['', ...led]), '', count, ...seen, ''].join('\n')
}
