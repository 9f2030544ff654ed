import { type DataCard, type Detector, DETECTOR_VERSION } from '@holdfast/detect'
import type { ControlRecordOf } from '@holdfast/model'

export type DetectorRecord = ControlRecordOf<'detector'>

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

/**
 * The weights of a record, as this program understands them: undefined for those of another form, which a program before or after
 * this one learned. The recorder writes such a record from {@link recordOf} alone, and it lies under a leaf.
 */
export function detectorIn({ detector }: DetectorRecord): Detector | undefined {
  const { version, ...rest } = JSON.parse(detector) as Detector
  return version === DETECTOR_VERSION ? { version, ...rest } : undefined
}

export function cardIn({ card }: DetectorRecord): DataCard {
  return JSON.parse(card) as DataCard
}
