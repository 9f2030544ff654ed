import type { BlindSpotWire, FleetMark, FleetWire, ManagedPlatformWire } from '@holdfast/api'
import type { KnownSensor } from '../sensor/link.ts'
import type { LocalSensorState } from '../sensor/local-sensor.ts'

type Seen = {
  readonly agents: Pick<FleetWire, 'agents' | 'marks'>
  readonly sensors: readonly KnownSensor[]
  readonly local: LocalSensorState
  readonly platforms: readonly ManagedPlatformWire[]
}

/** Where nobody looks, each with the count and what would change it. What is seen in full is no row. */
export function blindSpots({ agents, sensors, local, platforms }: Seen): readonly BlindSpotWire[] {
  return [...agentSpots(agents), ...sensorSpots(sensors, local), ...platforms.flatMap(platformSpot)]
}

const OF_AGENTS: readonly (readonly [mark: FleetMark, title: string, detail: string, remedy: string])[] = [
  [
    'capture-off',
    'content capture off',
    'none of their prompts, answers, arguments or results was captured: an incident could not be read',
    '`holdfast doctor`',
  ],
  [
    'own-word',
    'known by their own word only',
    'no kernel, provider or boundary tells of them: what they leave out is not seen',
    '`holdfast run -- CMD`, or a sensor on their host: `holdfast sensor enrol`',
  ],
  [
    'silent',
    'silent',
    'live agents of whom nothing was recorded for a day: stopped, or no longer sending',
    '`holdfast tail`',
  ],
  [
    'shadow',
    'shadow agents',
    'nobody declares them, and they call a model without telemetry, or hold a grant or have no owner in a directory',
    '`holdfast agents --unlisted`',
  ],
]

function agentSpots({ agents, marks }: Seen['agents']): readonly BlindSpotWire[] {
  const spots = OF_AGENTS.flatMap(([mark, title, detail, remedy]): readonly BlindSpotWire[] => {
    const count = marks.find((one) => one.mark === mark)?.agents ?? 0
    return count === 0 ? [] : [{ id: mark, title, detail, count, of: agents.read, remedy, mark }]
  })
  const beyond = agents.total - agents.read
  if (beyond <= 0) return spots
  const detail = 'the longest silent are in no count here'
  return [...spots, { id: 'beyond', title: 'agents not looked at', detail, count: beyond, of: agents.total }]
}

function sensorSpots(sensors: Seen['sensors'], local: Seen['local']): readonly BlindSpotWire[] {
  const connected = sensors.filter(({ state }) => state === 'connected')
  const away = sensors.filter(({ state }) => state === 'away')
  const partial = connected.filter(({ report }) => report.programs.some(({ attached }) => !attached))
  const lost = sensors.reduce((sum, sensor) => sum + sensor.lost, 0)
  const spots: BlindSpotWire[] = []
  if (connected.length === 0)
    spots.push({
      id: 'no-sensor',
      title: 'no kernel sensor is connected',
      detail: `processes, files and connections are known only as agents report them${local.state === 'off' ? '; it is turned off here' : ''}`,
      count: sensors.length,
      of: sensors.length,
      remedy:
        local.obstacles[0]?.remedy ??
        (local.state === 'off' ? 'start the server without `--no-sensor`' : '`holdfast doctor`'),
    })
  if (away.length > 0)
    spots.push({
      id: 'sensor-away',
      title: 'sensors away',
      detail: namesOf(away),
      count: away.length,
      of: sensors.length,
      remedy: 'start the sensor on that host again, or `holdfast sensor revoke ID`',
    })
  if (partial.length > 0)
    spots.push({
      id: 'sensor-partial',
      title: 'sensors that see a part',
      detail: `not every kernel program is attached: ${namesOf(partial)}`,
      count: partial.length,
      of: connected.length,
      remedy: 'a newer kernel takes more programs: 6.1 or later with BTF',
    })
  if (lost > 0)
    spots.push({ id: 'sensor-lost', title: 'records lost by sensors', detail: 'each is a gap of the log', count: lost })
  return spots
}

function platformSpot({ name, platform, constraints, kernel }: ManagedPlatformWire): readonly BlindSpotWire[] {
  const absent = constraints.filter(({ means }) => means === 'absent').map(({ capability }) => capability)
  const missing = kernel.means === 'absent' ? [...absent, 'kernel'] : absent
  if (missing.length === 0) return []
  return [
    {
      id: `platform ${name}`,
      title: `constrained by ${platform}`,
      detail: `${name} gives no means for: ${missing.join(', ')}`,
      count: missing.length,
      of: constraints.length + 1,
    },
  ]
}

/** Hosts that are named; the list of sensors has them all. */
const HOSTS_NAMED = 3

function namesOf(sensors: readonly KnownSensor[]): string {
  const hosts = sensors.slice(0, HOSTS_NAMED).map(({ report }) => report.host)
  const more = sensors.length - hosts.length
  return `${hosts.join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}
