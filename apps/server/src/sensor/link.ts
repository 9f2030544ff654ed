import type { HoldEnding, SensorCommand, SensorReport, SensorResult, WatchedCgroup } from '@holdfast/model'

/** A sensor as the server knows it. */
export type KnownSensor = {
  readonly id: string
  /** `connected` while its command stream is open; `away` after it was heard in this run or an earlier one. */
  readonly state: 'connected' | 'away' | 'stopped'
  readonly report: SensorReport
  readonly watched: readonly WatchedCgroup[]
  /** Unix ns of the last batch that was stored; undefined where none was in this run of the server. */
  readonly lastBatch: bigint | undefined
  /** Records stored in this run of the server. */
  readonly records: number
  /** Records that the sensor counted as lost, over all its starts. */
  readonly lost: number
}

/** How the rest of the server speaks to sensors. */
export type SensorLink = {
  readonly sensors: () => readonly KnownSensor[]
  /**
   * Resolves with the sensor's own answer, or with `ok: false` where it is not connected, goes away, or gives none in
   * time. Without `sensor`, the one that is connected.
   */
  readonly send: (command: SensorCommand, options?: SendOptions) => Promise<SensorResult>
  /** Has one listener hear of holds that ended without a command; each until the listener resolved. */
  readonly onEnded: (listener: EndedListener) => void
  /** Has one listener hear of each sensor whose commands have just got a way to it. */
  readonly onConnected: (listener: (sensor: string) => void) => void
}

export type EndedListener = (sensor: string, endings: readonly HoldEnding[]) => Promise<void>

export type SendOptions = { readonly sensor?: string; readonly timeoutMs?: number }
