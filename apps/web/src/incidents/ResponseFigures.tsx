import { responseFigures } from '@holdfast/api'
import { useQuery } from '@tanstack/react-query'
import { Command } from '../ui/Copy.tsx'
import { Table } from '../ui/Table.tsx'
import { incidentQueries } from './queries.ts'

/** How well incidents are responded to, as it is now: three figures at sight, all of them where they are opened. */
export function ResponseFigures() {
  const { data, error } = useQuery(incidentQueries.figures())
  const figures = data === undefined ? [] : responseFigures(data)
  return (
    // Its room is kept while it is read, so that no row moves under a finger.
    <section aria-label="How incidents are responded to" className="min-h-8 border-b border-line px-4 py-1 text-sm">
      {data === undefined ? (
        <span className="text-faint">
          {error === null
            ? 'reading how incidents are responded to …'
            : 'how incidents are responded to could not be read'}
        </span>
      ) : (
        <details>
          <summary className="flex cursor-pointer flex-wrap gap-x-5 gap-y-0.5">
            {figures
              .filter(({ isMaturity }) => isMaturity)
              .map(({ figure, value, from }) => (
                <span key={figure} className="max-sm:hidden">
                  <span className="text-soft">{figure}</span> <strong className="tabular">{value}</strong>{' '}
                  <span className="text-faint">{from}</span>
                </span>
              ))}
            {/* On a phone what happened comes first; the figures are a touch away. */}
            <span className="sm:hidden">how incidents are responded to</span>
            <span aria-hidden="true">▾</span>
          </summary>
          <div className="flex max-w-3xl flex-col gap-2 py-2">
            <Table label="All figures of the response" columns={['Figure', 'Value', 'From']} cell="px-2 py-1">
              {figures.map(({ figure, value, from }) => (
                <tr key={figure} className="border-t border-line">
                  <td className="px-2 py-1">{figure}</td>
                  <td className="tabular px-2 py-1">{value}</td>
                  <td className="px-2 py-1">{from}</td>
                </tr>
              ))}
            </Table>
            <Command text="npm run -s holdfast -- incidents metrics" label="the command that prints these figures" />
          </div>
        </details>
      )}
    </section>
  )
}
