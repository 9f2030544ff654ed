import type { Answer, DetectorVersionWire } from '@holdfast/api'
import { type Detector, SHIPPED } from '@holdfast/detect'
import { formatRfc3339 } from '@holdfast/model'
import type { LogReader } from '@holdfast/recorder'
import { cardIn, detectorIn } from './document.ts'

/** `detector` is undefined where its weights are of a form that this program does not understand: it is never in force. */
export type Version = { readonly row: DetectorVersionWire; readonly detector: Detector | undefined }

/** Versions of the detector in the log, the newest first; what ships is the last. */
export function versionsIn(reader: Pick<LogReader, 'controls'>): readonly Version[] {
  const learned = reader.controls('detector').flatMap(({ index, recordedAt, record }): readonly Version[] => {
    const detector = detectorIn(record)
    const { version, by, reason } = record
    const card = cardIn(record)
    const about = { version, by, reason, at: formatRfc3339(recordedAt), entry: index, inForce: false }
    return [
      {
        // The answer is written as JSON, for which read-only lists are lists.
        row: {
          ...about,
          goals: detector?.learned?.goals.length ?? 0,
          card: card as DetectorVersionWire['card'],
          ...(detector === undefined ? { outdated: true } : {}),
        },
        detector,
      },
    ]
  })
  const all = [...learned.toReversed(), { row: { version: 0, inForce: false, goals: 0 }, detector: SHIPPED }]
  // A newest one that is not understood leaves what ships in force, as where it is judged with (in-force.ts).
  const inForce = all[0]?.detector === undefined ? all.at(-1) : all[0]
  return all.map((one) => ({ ...one, row: { ...one.row, inForce: one === inForce } }))
}

/** One version with its weights by feature; undefined where there is none, or none that is understood. */
export function detectorWire(versions: readonly Version[], name: string): Answer<'getDetector'> | undefined {
  const found = versions.find(({ row }) => (name === 'current' ? row.inForce : String(row.version) === name))
  if (found?.detector === undefined) return undefined
  const { channels, learned } = found.detector
  return {
    ...found.row,
    channels: (['instruction', 'destination', 'behaviour'] as const).map((basis) => {
      const { features, weights, bias, threshold } = channels[basis]
      return {
        basis,
        features: features.map((feature, i) => ({ name: feature, weight: weights[i] ?? 0 })),
        bias,
        threshold,
      }
    }),
    learned: (learned?.goals ?? []).map(({ incidents, count, agent, deeds, words, destinations }) => ({
      incidents: [...incidents],
      count,
      agent,
      deeds: [...deeds],
      words: Object.keys(words).length,
      destinations: destinations.length,
    })),
  }
}
