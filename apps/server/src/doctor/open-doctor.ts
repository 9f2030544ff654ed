import type { Logger } from 'pino'
import { RecentDoctor } from './recent-doctor.ts'
import { type DoctorSources, runDoctor } from './run-doctor.ts'

/** The doctor as gauges and probes ask it. */
export function openDoctor(sources: DoctorSources, logger: Pick<Logger, 'warn'>): RecentDoctor {
  return new RecentDoctor({
    run: () => runDoctor(sources),
    nowMs: () => performance.now(),
    onError: (error) => logger.warn({ err: error }, 'the doctor could not look at everything'),
  })
}
