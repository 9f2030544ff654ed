import type { BaselineWire } from '@holdfast/api'
import { csvText } from '@holdfast/model'

const HEAD = ['dimension', 'date', 'observations', 'entries', 'fresh', 'novelty', 'distance', 'spread', 'within', 'run']

/** The daily series of every dimension: the numbers that the chart draws, as `baseline show -o csv` prints them. */
export function baselineCsv({ dimensions }: Pick<BaselineWire, 'dimensions'>): string {
  const rows = dimensions.flatMap(({ dimension, days }) =>
    days.map(({ date, observations, entries, fresh, novelty, distance, spread, within, run }) => [
      dimension,
      date,
      observations,
      entries,
      fresh,
      novelty,
      distance,
      spread ?? '',
      String(within),
      run,
    ]),
  )
  return csvText([HEAD, ...rows])
}
