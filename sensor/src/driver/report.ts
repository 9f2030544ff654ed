import type { SensorReport } from '@holdfast/model'
import type { Loader } from '../loader/start-loader.ts'

/** What the sensor can see and what it cannot, as the server is told. */
export function reportOf(
  { sensor, start, host, unseen }: Pick<SensorReport, 'sensor' | 'start' | 'host' | 'unseen'>,
  { hello, programs }: Pick<Loader, 'hello' | 'programs'>,
  { state, tls }: Required<Pick<SensorReport, 'state' | 'tls'>>,
): SensorReport {
  const missing = programs.filter(({ attached }) => !attached)
  return {
    sensor,
    start,
    state,
    host,
    kernel: hello.kernel,
    bootId: hello.bootId,
    programs,
    unseen: [
      ...unseen,
      ...missing.map(({ name, error = 'refused' }) =>
        `what ${name} would show: the kernel did not take it (${error})`.slice(0, 1_000),
      ),
    ],
    tls,
  }
}
