import type { HuntField } from '@holdfast/model'
import { useQuery } from '@tanstack/react-query'
import { STACK_VALUES } from '../limits.ts'
import { Untrusted } from '../text/Untrusted.tsx'
import { formatCount, plural } from '../ui/format.ts'
import { Share } from '../ui/Page.tsx'
import { ErrorState, Loading } from '../ui/States.tsx'
import { ModeButtons } from './Facets.tsx'
import type { HuntRowsProps } from './HuntRows.tsx'
import { type HuntAsked, huntQueries } from './queries.ts'
import { modeOf } from './terms.ts'

type StackViewProps = Pick<HuntRowsProps, 'q' | 'onToggle'> & {
  readonly asked: HuntAsked
  readonly field: HuntField
  readonly onClose: () => void
}

/** One column stacked: how often each of its values occurs, the rarest at the end, where hunters look. */
export function StackView({ asked, field, q, onToggle, onClose }: StackViewProps) {
  const { data, error, isPending, refetch } = useQuery(huntQueries.stack(asked, field))
  if (error !== null) return <ErrorState what="values" error={error} onRetry={() => void refetch()} />
  if (isPending) return <Loading what={`values of ${field}`} />
  const [facet] = data.facets
  const values = facet?.values ?? []
  const most = values[0]?.count ?? 1
  return (
    <div className="min-h-0 flex-1 overflow-auto">
      <div className="flex items-center justify-between gap-3 px-4 py-2">
        <p className="text-soft">
          {plural(values.length, 'value')} of {field}
          {(facet?.distinct ?? 0) > values.length &&
            `, the ${formatCount(STACK_VALUES)} most frequent of ${formatCount(facet?.distinct ?? 0)}`}
          {(facet?.without ?? 0) > 0 && `; ${plural(facet?.without ?? 0, 'event')} without one`}.
        </p>
        <button type="button" className="button" onClick={onClose}>
          Back to events
        </button>
      </div>
      <table className="w-full">
        <thead>
          <tr className="grid-head border-b border-line text-left">
            <th className="px-4 py-1 font-medium">{field}</th>
            <th className="px-4 py-1 text-right font-medium">Events</th>
            <th className="w-1/3 px-4 py-1 font-medium">Of the most frequent</th>
            <th className="w-20">
              <span className="sr-only">Only or without</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {values.map(({ value, label, count }) => (
            <tr key={value} className="border-b border-line">
              <td className="max-w-0 px-4 py-1">
                <Untrusted text={label === undefined ? value : `${label} (${value})`} className="block truncate" />
              </td>
              <td className="tabular px-4 py-1 text-right">{formatCount(count)}</td>
              <td className="px-4 py-1">
                <Share share={count / most} label="of the most frequent" />
              </td>
              <td className="px-2">
                <ModeButtons field={field} value={value} mode={modeOf(q, field, value)} onToggle={onToggle} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
