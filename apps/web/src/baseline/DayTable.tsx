import { Table } from '../ui/Table.tsx'
import type { Day } from './chart-scale.ts'
import { formatCount, plural } from '../ui/format.ts'

const COLUMNS = [
  'Day',
  ...['Observations', 'Entries', 'New', 'Novelty', 'Distance', 'Spread'].map((name) => ({ name, isNumber: true })),
  'Limits',
  { name: 'In a row', isNumber: true },
]

/** The chart's numbers, the newest day first. */
export function DayTable({ days, label }: { readonly days: readonly Day[]; readonly label: string }) {
  return (
    <details className="border-t border-line">
      <summary className="cursor-pointer p-3 text-soft">
        The same as a table: {plural(days.length, 'day')} with traffic
      </summary>
      <div className="max-h-96 overflow-auto">
        <Table label={label} columns={COLUMNS}>
          {days.toReversed().map(({ date, observations, entries, fresh, novelty, distance, spread, within, run }) => (
            <tr key={date}>
              <td className="px-3 py-1">{date}</td>
              <td className="tabular px-3 py-1">{formatCount(observations)}</td>
              <td className="tabular px-3 py-1">{formatCount(entries)}</td>
              <td className="tabular px-3 py-1">{formatCount(fresh)}</td>
              <td className="tabular px-3 py-1">{(novelty * 100).toFixed(2)} %</td>
              <td className="tabular px-3 py-1">{distance.toFixed(4)}</td>
              <td className="tabular px-3 py-1">{spread?.toFixed(5) ?? '-'}</td>
              <td className={`px-3 py-1 ${within ? 'text-good' : 'text-warn'}`}>{within ? 'within' : 'outside'}</td>
              <td className="tabular px-3 py-1">{run}</td>
            </tr>
          ))}
        </Table>
      </div>
    </details>
  )
}
