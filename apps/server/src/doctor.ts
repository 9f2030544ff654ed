import type { AgentDetail, Answer, Check } from '@holdfast/api'
import { remedyFor } from '@holdfast/graph'
import type { Accounts } from './accounts/accounts.ts'
import type { IntegritySources } from './integrity.ts'
import type { SensorLink } from './sensor/link.ts'
import type { RunningConnectors } from './connectors/running-connectors.ts'
import { channelChecks } from './notices/channel-checks.ts'
import type { Outbox } from './notices/outbox.ts'
import type { LocalSensor } from './sensor/local-sensor.ts'
import type { SkewedAgents } from './views/agent-figures.ts'

export type DoctorSources = IntegritySources & {
  readonly accounts: Pick<Accounts, 'list'>
  readonly sensors: Pick<SensorLink, 'sensors'>
  readonly localSensor: Pick<LocalSensor, 'state'>
  readonly notices: Pick<Outbox, 'channels'>
  readonly connectors: Pick<RunningConnectors, 'checks'>
}

/** What is not seen, in one line; the list of sensors has it all. */
const UNSEEN_SHOWN = 5
const DISK_WARN = 0.1
const LAG_WARN = 10_000

/** What would be missing now, and the exact setting that would capture it. */
export async function runDoctor(sources: DoctorSources): Promise<Answer<'doctor'>> {
  return {
    checks: [
      ...(await storeChecks(sources)),
      ...sensorChecks(sources),
      accountCheck(sources),
      ...channelChecks(sources),
      ...(await sources.connectors.checks()),
      ...(await captureChecks(sources)),
    ],
  }
}

async function storeChecks({ recorder, views, policy, clock }: IntegritySources): Promise<readonly Check[]> {
  const { disk } = recorder.stats()
  const share = disk.totalBytes === 0 ? 1 : disk.freeBytes / disk.totalBytes
  const lag = recorder.size - views.cursor
  // What Views answers to this question.
  const skewed = JSON.parse(await views.ask('doctor', { now: clock() })) as SkewedAgents
  const inForce = policy.current()
  return [
    inForce === undefined
      ? {
          id: 'capture-policy',
          status: 'FAIL',
          title: 'no capture policy',
          detail: 'nothing is stored',
          remedy:
            'curl -X PUT -H "authorization: Bearer $HOLDFAST_TOKEN" -H \'content-type: application/json\' -d \'{"policy":{"name":"loopback","senders":"loopback","content":"kept","credentials":"masked"}}\' $HOLDFAST_URL/api/v1/capture-policy',
        }
      : {
          id: 'capture-policy',
          status: 'PASS',
          title: `capture policy "${inForce.name}"`,
          detail: `senders ${inForce.senders}, content ${inForce.content}, credentials masked`,
        },
    {
      id: 'disk',
      status: disk.freeBytes < disk.neededBytes ? 'FAIL' : share < DISK_WARN ? 'WARN' : 'PASS',
      title: 'disk',
      detail: `${(share * 100).toFixed(1)} % free; below ${disk.neededBytes} bytes nothing is taken in`,
      ...(share < DISK_WARN || disk.freeBytes < disk.neededBytes
        ? { remedy: 'free space on the disk of the data folder, or move the folder to a larger one' }
        : {}),
    },
    ...(recorder.stats().isErasing
      ? [
          {
            id: 'erasure',
            status: 'WARN',
            title: 'erasure',
            detail: 'a reader keeps an erased key in log.db-wal; it goes as soon as the reader has ended',
            remedy: 'end programs that read log.db, or stop the server: closing destroys the key',
          } as const,
        ]
      : []),
    {
      id: 'log',
      status: 'PASS',
      title: 'log',
      detail: `${recorder.size} entries, newest checkpoint at ${recorder.checkpoint().size}`,
    },
    {
      id: 'projection',
      status: lag > LAG_WARN ? 'WARN' : 'PASS',
      title: 'projection',
      detail: `${lag} entries behind the log`,
      ...(lag > LAG_WARN ? { remedy: 'wait: pages show the log as it was that many entries ago' } : {}),
    },
    skewed.count === 0
      ? {
          id: 'clocks',
          status: 'PASS',
          title: 'clocks of senders',
          detail: 'no sender is far ahead of or behind this machine',
        }
      : {
          id: 'clocks',
          status: 'WARN',
          title: 'clocks of senders',
          detail: `${skewed.count} agents state times far from this machine's: ${skewed.first.join(', ')}`,
          remedy: 'synchronise the clocks of those hosts (chrony, systemd-timesyncd)',
        },
  ]
}

/** Accounts that are named as drifted; `accounts list` names all. */
const DRIFT_SHOWN = 5

/** Who may sign in, and whose rights have come away from what was decided. */
function accountCheck({ accounts }: DoctorSources): Check {
  const standing = accounts.list().filter(({ state }) => state !== 'revoked')
  const drifted = standing.filter(({ drift }) => drift.length > 0)
  const about = { id: 'accounts', title: 'accounts' }
  const count = standing.length === 0 ? 'none beside the token of the data folder' : `${standing.length}`
  if (drifted.length === 0) return { ...about, status: 'PASS', detail: count }
  const shown = drifted.slice(0, DRIFT_SHOWN).map(({ name, drift }) => `${name}: ${drift.join(', ')}`)
  const more = drifted.length > DRIFT_SHOWN ? `; and ${drifted.length - DRIFT_SHOWN} more` : ''
  return {
    ...about,
    status: 'WARN',
    detail: `${drifted.length} of ${standing.length} have drifted: ${shown.join('; ')}${more}`,
    remedy:
      'holdfast accounts list, then revoke what is not needed; revoke and add anew what is, to state its rights afresh',
  }
}

const UNSEEN = 'processes, files and connections are known only as far as agents report them'

/** What the kernel shows, and what it does not and why; each obstacle with its own remedy. */
function sensorChecks({ sensors, localSensor }: DoctorSources): readonly Check[] {
  const connected = sensors.sensors().filter(({ state }) => state === 'connected')
  const title = 'kernel sensor'
  if (connected.length > 0) {
    return connected.map(({ id, report, watched, lost }) => {
      const attached = report.programs.filter((program) => program.attached).length
      const detail = `${report.host}: ${attached} of ${report.programs.length} kernel programs, ${watched.length} cgroups watched${lost === 0 ? '' : `, ${lost} records lost`}`
      const unseen = report.unseen.slice(0, UNSEEN_SHOWN).join('; ')
      return unseen === ''
        ? { id: `kernel-sensor ${id}`, status: 'PASS', title, detail }
        : {
            id: `kernel-sensor ${id}`,
            status: 'WARN',
            title,
            detail: `${detail}; not seen: ${unseen}`,
            remedy: 'a newer kernel takes more programs: 6.1 or later with BTF, 6.14 for the use of capabilities',
          }
    })
  }
  const { state, obstacles } = localSensor.state()
  const base = { status: 'WARN', title } as const
  if (state === 'off') {
    const detail = `turned off: ${UNSEEN}`
    return [{ ...base, id: 'kernel-sensor', detail, remedy: 'start the server without --no-sensor' }]
  }
  if (obstacles.length === 0) {
    return [{ ...base, id: 'kernel-sensor', detail: `it is starting: ${UNSEEN}`, remedy: 'ask again in a few seconds' }]
  }
  return obstacles.map(({ id, detail, remedy }) => ({
    ...base,
    id: `kernel-sensor-${id}`,
    detail: `${detail}: ${UNSEEN}`,
    remedy,
  }))
}

async function captureChecks({ views }: IntegritySources): Promise<readonly Check[]> {
  const { items } = JSON.parse(await views.ask('listAgents', { query: { limit: 50 } })) as Answer<'listAgents'> // the route's own answer
  if (items.length === 0) {
    return [
      {
        id: 'senders',
        status: 'WARN',
        title: 'no agent has been heard',
        detail: 'nothing was received yet',
        remedy:
          'export OTEL_EXPORTER_OTLP_ENDPOINT to the OTLP address of this server and start the agent, or run: holdfast demo',
      },
    ]
  }
  const details = await Promise.all(
    items.map(async ({ id }) => JSON.parse(await views.ask('getAgent', { agent: id })) as AgentDetail),
  ) // the route's own answer
  return details.flatMap((agent) => [contentCheck(agent), mappingCheck(agent)])
}

function contentCheck(agent: AgentDetail): Check {
  const { captured, redacted, truncated } = agent.coverage.contents
  const missing = agent.coverage.contents['not-captured']
  const all = captured + redacted + truncated + missing
  const id = `content ${agent.id}`
  const title = `content of ${agent.name}`
  if (all === 0)
    return {
      id,
      status: 'WARN',
      title,
      detail: 'no prompt, output or tool call seen',
      remedy: `holdfast evidence status CONVERSATION names what its instrumentation (${dialectsOf(agent)}) can be told to send`,
    }
  if (missing === 0) return { id, status: 'PASS', title, detail: `all ${all} contents captured` }
  return {
    id,
    status: captured + redacted === 0 ? 'FAIL' : 'WARN',
    title,
    detail: `${missing} of ${all} contents are not captured`,
    remedy: settingsOf(agent),
  }
}

/** The settings that make each instrumentation of the agent send its content. */
function settingsOf(agent: AgentDetail): string {
  const topics = ['prompts', 'outputs', 'tool-arguments', 'tool-results'] as const
  const dialects = new Set(agent.coverage.dialects.map(({ dialect }) => dialect))
  dialects.delete('unknown')
  const settings = [...dialects].flatMap((dialect) => topics.map((topic) => `${dialect}: ${remedyFor(dialect, topic)}`))
  return `${[...new Set(settings)].join('; ')}. holdfast evidence status CONVERSATION names each missing piece`
}

function mappingCheck(agent: AgentDetail): Check {
  const share = agent.coverage.entries === 0 ? 1 : agent.coverage.mapped / agent.coverage.entries
  const top = agent.coverage.unmappedKeys.slice(0, 5).map(({ key }) => key)
  return {
    id: `mapping ${agent.id}`,
    status: share < 0.5 ? 'WARN' : 'PASS',
    title: `dialects of ${agent.name}`,
    detail: `${dialectsOf(agent)}; ${(share * 100).toFixed(0)} % of ${agent.coverage.entries} entries mapped${top.length === 0 ? '' : `; not mapped: ${top.join(', ')}`}`,
    ...(share < 0.5
      ? { remedy: 'the entries are kept whole: a later version that knows the dialect reads them again' }
      : {}),
  }
}

function dialectsOf(agent: AgentDetail): string {
  return [...new Set(agent.coverage.dialects.map(({ dialect }) => dialect))].join(', ')
}
