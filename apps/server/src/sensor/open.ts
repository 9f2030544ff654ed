import type { UnixNano } from '@holdfast/model'
import type { LogReader, Recorder } from '@holdfast/recorder'
import type { Logger } from 'pino'
import type { PolicyStore } from '../capture-policy.ts'
import type { GapCounter } from '../gap-counter.ts'
import { BatchStore } from './batch-store.ts'
import type { SensorLink } from './link.ts'
import { startSensorSocket } from './listen.ts'
import { LossLedger } from './loss-ledger.ts'
import { SensorRegistry } from './registry.ts'
import type { OpenRemoteSensors } from './remote.ts'

export type SensorSources = {
  readonly folder: string
  readonly recorder: Recorder
  readonly reader: LogReader
  readonly policy: Pick<PolicyStore, 'current'>
  readonly gaps: GapCounter
  readonly clock: () => UnixNano
  readonly logger: Logger
  /** Where to listen for sensors of other hosts; undefined where nobody wants them. */
  readonly listenAt: { readonly host: string; readonly port: number } | undefined
}

export type OpenSensors = {
  readonly link: SensorLink
  readonly socket: AsyncDisposable | undefined
  /** Sensors of other hosts; undefined where the server does not listen for them. */
  readonly remote: OpenRemoteSensors | undefined
}

/** Takes in what kernel sensors send, and lets the rest of the server speak to them. */
export async function openSensors(sources: SensorSources): Promise<OpenSensors> {
  const { listenAt, folder, recorder, reader, policy, gaps, clock, logger } = sources
  const write = recorder.appendControl.bind(recorder)
  const registry = new SensorRegistry({
    write,
    reader,
    recorded: reader.controls('sensor-report'),
    clock,
    onError: (error) => logger.error({ err: error }, 'the silence of a sensor could not be recorded'),
  })
  const batches = new BatchStore({ append: recorder.append.bind(recorder), reader, policy: () => policy.current() })
  const losses = new LossLedger({ write, reader, clock })
  const shared = { folder, recorder, registry, batches, losses, gaps, logger }
  const socket = await startSensorSocket(shared)
  if (listenAt === undefined) return { link: registry, socket, remote: undefined }
  // What makes certificates is large: only who listens loads it.
  const { openRemoteSensors } = await import('./remote.ts')
  return { link: registry, socket, remote: await openRemoteSensors({ ...shared, ...listenAt, write }) }
}
