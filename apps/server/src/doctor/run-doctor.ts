import type { Answer, Check } from '@holdfast/api'
import { counted, type UnixNano } from '@holdfast/model'
import type { Accounts } from '../accounts/accounts.ts'
import type { RunningConnectors } from '../connectors/running-connectors.ts'
import { diskUseOf, runwayOf } from '../disk-use.ts'
import type { IntegritySources } from '../integrity.ts'
import { forwardChecks } from '../forward/forward-checks.ts'
import type { Forwarder } from '../forward/forwarder.ts'
import { channelChecks } from '../notices/channel-checks.ts'
import type { Outbox } from '../notices/outbox.ts'
import type { OnlineProxies } from '../proxy/online-proxies.ts'
import type { SensorLink } from '../sensor/link.ts'
import type { LocalSensor } from '../sensor/local-sensor.ts'
import type { SkewedAgents } from '../views/agent-figures.ts'
import { accountCheck } from './account-check.ts'
import { captureChecks } from './capture-checks.ts'
import { evidenceReady } from './evidence-ready.ts'
import type { FoundCheck } from './found-check.ts'
import { holdCheck } from './hold-checks.ts'
import { AGENTS_JUDGED } from './limits.ts'
import { measureModelCoverage, modelCoverageCheck } from './model-coverage-check.ts'
import { podSecurityChecks } from './pod-security-check.ts'
import { samplingChecks } from './sampling-check.ts'
import { sensorChecks } from './sensor-checks.ts'
import { storageChecks } from './storage-checks.ts'

export type DoctorSources = IntegritySources & {
  /** Address for OTLP over HTTP, as agents are told it. */
  readonly otlpHttp: string
  readonly accounts: Pick<Accounts, 'list'>
  readonly sensors: Pick<SensorLink, 'sensors'>
  readonly localSensor: Pick<LocalSensor, 'state'>
  readonly notices: Pick<Outbox, 'channels'>
  readonly forward?: Pick<Forwarder, 'state'> | undefined
  readonly connectors: Pick<RunningConnectors, 'checks' | 'list'>
  readonly proxyOrders: { readonly online: Pick<OnlineProxies, 'list'> }
}

const LAG_WARN = 10_000

/** What is wrong, what would be missing if an incident happened now, and the exact setting that would change it. */
export async function runDoctor(sources: DoctorSources): Promise<Answer<'doctor'>> {
  const { views, recorder, clock, sensors, proxyOrders, connectors } = sources
  const listed = JSON.parse(await views.ask('listAgents', { query: { limit: AGENTS_JUDGED } })) as Answer<'listAgents'> // the route's own answer
  const { items, total = items.length } = listed
  const senders = { agents: items, now: clock(), isBehind: recorder.size - views.cursor > LAG_WARN }
  const asked = connectors.list()
  const connected = sensors.sensors().filter(({ state }) => state === 'connected')
  const hold = holdCheck({
    sensors: connected.map(({ report }) => report.host),
    proxies: proxyOrders.online.list().length,
    connectors: asked.length,
  })
  const reached = await connectors.checks()
  const modelCalls = await measureModelCoverage(views, clock())
  const checks = [
    ...inGroup('store', await storeChecks(sources)),
    ...inGroup('senders', [await clockCheck(sources), ...(await samplingChecks(views, senders))]),
    ...inGroup('capture', [...(await captureChecks(sources, items)), modelCoverageCheck(modelCalls)]),
    ...inGroup('sensors', sensorChecks(sources)),
    ...inGroup('containment', [hold, ...reached, ...podSecurityChecks({ env: process.env, found: reached })]),
    ...inGroup('accounts', [accountCheck(sources)]),
    ...inGroup('notices', channelChecks(sources)),
    ...inGroup('forwarding', forwardChecks(sources.forward)),
  ]
  return { checks, evidence: await evidenceReady(views, { items, total }), modelCalls }
}

function inGroup(group: Check['group'], found: readonly FoundCheck[]): readonly Check[] {
  return found.map((check) => ({ ...check, group }))
}

async function storeChecks({
  recorder,
  reader,
  ledger,
  policy,
  views,
  folder,
  clock,
}: IntegritySources): Promise<readonly FoundCheck[]> {
  const { disk } = recorder.stats()
  await ledger.catchUp(clock())
  const left = disk.freeBytes - disk.neededBytes
  const runway = runwayOf(left, await diskUseOf(folder), ledger.storeRate(clock()))
  const lag = recorder.size - views.cursor
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
    ...storageChecks({ disk, runway, oldest: oldestOf(reader), now: clock() }),
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
      detail: `${counted(recorder.size, 'entry', 'entries')}, newest checkpoint at ${recorder.checkpoint().size}`,
    },
    {
      id: 'projection',
      status: lag > LAG_WARN ? 'WARN' : 'PASS',
      title: 'projection',
      detail: `${counted(lag, 'entry', 'entries')} behind the log`,
      ...(lag > LAG_WARN ? { remedy: 'wait: pages show the log as it was that many entries ago' } : {}),
    },
  ]
}

/** When the oldest entry was recorded. */
function oldestOf(reader: IntegritySources['reader']): UnixNano | undefined {
  return reader.segments({ from: 0, limit: 1 })[0]?.recordedAt
}

async function clockCheck({ views, clock }: IntegritySources): Promise<FoundCheck> {
  // What Views answers to this question.
  const skewed = JSON.parse(await views.ask('doctor', { kind: 'clocks', now: clock() })) as SkewedAgents
  return skewed.count === 0
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
        detail: `${counted(skewed.count, 'agent states', 'agents state')} times far from this machine's: ${skewed.first.join(', ')}`,
        remedy: 'synchronise the clocks of those hosts (chrony, systemd-timesyncd)',
      }
}
