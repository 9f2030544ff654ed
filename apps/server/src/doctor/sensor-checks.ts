import { counted } from '@holdfast/model'
import type { SensorLink } from '../sensor/link.ts'
import type { LocalSensor } from '../sensor/local-sensor.ts'
import type { FoundCheck } from './found-check.ts'

type SensorSources = {
  readonly sensors: Pick<SensorLink, 'sensors'>
  readonly localSensor: Pick<LocalSensor, 'state'>
}

/** What is not seen, in one line; the list of sensors has it all. */
const UNSEEN_SHOWN = 5

const UNSEEN = 'processes, files and connections are known only as far as agents report them'

/** What the kernel shows, and what it does not and why; each obstacle with its own remedy. */
export function sensorChecks({ sensors, localSensor }: SensorSources): readonly FoundCheck[] {
  const connected = sensors.sensors().filter(({ state }) => state === 'connected')
  const title = 'kernel sensor'
  if (connected.length > 0) {
    return connected.map(({ id, report, watched, lost }) => {
      const attached = report.programs.filter((program) => program.attached).length
      const detail = `${report.host}: ${attached} of ${report.programs.length} kernel programs, ${counted(watched.length, 'cgroup')} watched${lost === 0 ? '' : `, ${counted(lost, 'record')} lost`}`
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
    return [{ ...base, id: 'kernel-sensor', detail, remedy: 'start the server without `--no-sensor`' }]
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
