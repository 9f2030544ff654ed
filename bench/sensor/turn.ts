import { loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { startTestServer } from '../../apps/cli/src/testing/server.ts'
import { whyNoKernel } from '../../sensor/src/testing/root.ts'
import { TestCgroup } from '../../sensor/src/testing/test-cgroup.ts'
import { environment } from '../ingest/environment.ts'
import { at, say, spreadOf } from './figures.ts'
import { clientOf, cpuMicrosOf, OwnDriver, storedBy } from './own-driver.ts'
import { startWorld, TurnAgent } from './turn-setting.ts'

/**
 * What the sensor costs a turn of a real agent: each round has turns without a sensor on the machine and turns under one that
 * watches, of the same agent process, in an order that alternates. Telemetry is sent to the server on both sides.
 */
const { values } = parseArgs({
  options: {
    scale: { type: 'string', default: '1' },
    rounds: { type: 'string', default: '7' },
    think: { type: 'string', default: '0' },
  },
})
const rounds = Math.max(1, Number(values.rounds))
const turns = Math.max(2, Math.round(40 * Number(values.scale)))
const thinkMs = Number(values.think)
/** Not counted: what the kernel and the agent do for the first time after a change. */
const SETTLE = 3

const reason = whyNoKernel()
if (reason !== undefined) throw new Error(`nothing can be measured here: ${reason}`)

await using server = await startTestServer()
await using world = await startWorld(thinkMs)
await using cgroup = new TestCgroup()
const client = clientOf(server)
await using agent = new TurnAgent(cgroup, {
  OPENAI_BASE_URL: world.model,
  OPENAI_API_KEY: 'none',
  TURN_SITE: world.site,
  OTEL_EXPORTER_OTLP_ENDPOINT: server.ready.otlpHttp,
  OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
  OTEL_SERVICE_NAME: 'turns',
})

type Side = { readonly p50: number; readonly p95: number; readonly mean: number; readonly agentCpuMs: number }

async function measured(): Promise<Side> {
  await agent.turns(SETTLE)
  const before = cpuMicrosOf(cgroup)
  const took = (await agent.turns(turns)).toSorted((a, b) => a - b)
  const agentCpuMs = (cpuMicrosOf(cgroup) - before) / 1_000 / turns
  return { p50: at(took, 0.5), p95: at(took, 0.95), mean: took.reduce((sum, ms) => sum + ms, 0) / turns, agentCpuMs }
}

type Watched = Side & { readonly sensorCpuMs: number; readonly events: number; readonly lost: number }

async function watched(): Promise<Watched> {
  const from = await storedBy(client)
  let side: Side
  let sensorCpuMs = 0
  {
    await using driver = await OwnDriver.start(server.data, { client, watched: cgroup })
    const before = driver.cpuMicros()
    side = await measured()
    sensorCpuMs = (driver.cpuMicros() - before) / 1_000 / (turns + SETTLE)
  }
  const to = await storedBy(client)
  // Records are counted by start of the sensor, and are of all turns of the watch, those of settling too.
  return { ...side, sensorCpuMs, events: to.records / (turns + SETTLE), lost: to.lost - from.lost }
}

const added = { p50: [] as number[], p95: [] as number[], share: [] as number[], agentCpuMs: [] as number[] }
const bare = { p50: [] as number[], p95: [] as number[] }
const sensor = { cpuMs: [] as number[], cpuShare: [] as number[], events: [] as number[] }
let lost = 0

say({ benchmark: 'sensor turn', ...environment(server.data), rounds, turns, thinkMs, load: loadavg() })
// The first round is warm-up.
for (let round = 0; round <= rounds; round += 1) {
  const first = round % 2 === 0 ? await measured() : undefined
  const on = await watched()
  const off = first ?? (await measured())
  if (round === 0) continue
  bare.p50.push(off.p50)
  bare.p95.push(off.p95)
  added.p50.push(on.p50 - off.p50)
  added.p95.push(on.p95 - off.p95)
  added.share.push((100 * (on.p50 - off.p50)) / off.p50)
  added.agentCpuMs.push(on.agentCpuMs - off.agentCpuMs)
  sensor.cpuMs.push(on.sensorCpuMs)
  sensor.cpuShare.push((100 * on.sensorCpuMs) / on.mean)
  sensor.events.push(on.events)
  lost += on.lost
}
say({ what: 'a turn without the sensor, ms', p50: spreadOf(bare.p50), p95: spreadOf(bare.p95) })
say({ what: 'added to a turn, ms', p50: spreadOf(added.p50), p95: spreadOf(added.p95) })
say({ what: 'added to a turn, % of its p50', ...spreadOf(added.share) })
say({ what: 'added CPU of the agent per turn, ms', ...spreadOf(added.agentCpuMs) })
say({ what: 'CPU of driver and loader per turn, ms', ...spreadOf(sensor.cpuMs) })
say({ what: 'CPU of driver and loader, % of one CPU while turns go on', ...spreadOf(sensor.cpuShare) })
say({ what: 'events per turn', ...spreadOf(sensor.events), lost, load: loadavg() })
