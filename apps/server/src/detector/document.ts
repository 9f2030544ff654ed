import type { DataCard, Detector } from '@holdfast/detect'
import type { ControlRecord } from '@holdfast/model'

export type DetectorRecord = Extract<ControlRecord, { readonly kind: 'detector' }>

/** A version as it is written into the log: the weights in readable form, and what they were learned from. */
export function recordOf(
  detector: Detector,
  {
    version,
    card,
    reason,
    by,
  }: { readonly version: number; readonly card: DataCard; readonly reason: string; readonly by: string },
): DetectorRecord {
  return { kind: 'detector', version, detector: JSON.stringify(detector), card: JSON.stringify(card), reason, by }
}

/** The recorder writes such a record from {@link recordOf} alone, and it lies under a leaf. */
export function detectorIn({ detector }: DetectorRecord): Detector {
  return JSON.parse(detector) as Detector
}

export function cardIn({ card }: DetectorRecord): DataCard {
  return JSON.parse(card) as DataCard
}
