import { type HuntRowWire, pathSegment } from '@holdfast/api'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../data/client.ts'
import { inertLine } from '../text/inert.ts'
import { Untrusted } from '../text/Untrusted.tsx'
import { plural } from '../ui/format.ts'
import { huntQueries } from './queries.ts'

type MarkBarProps = { readonly marked: readonly HuntRowWire[]; readonly onClear: () => void }

/** What to do with the marked rows: keep them in sight of an incident, each as a pin of its own. */
export function MarkBar({ marked, onClear }: MarkBarProps) {
  const client = useQueryClient()
  const { data } = useQuery(huntQueries.incidents())
  const [incident, setIncident] = useState('')
  const pin = useMutation({
    mutationFn: async (id: string) => {
      // One after the other: where one is refused, those before it are pinned, and stay marked to be tried again.
      for (const row of marked) {
        const { conversation } = row.values
        const path =
          conversation === undefined
            ? undefined
            : `/conversations/${pathSegment(conversation)}?event=${encodeURIComponent(row.id)}`
        await api.call('putAnnotation', {
          params: { annotation: `pin-${crypto.randomUUID()}` },
          body: {
            type: 'pin',
            subject: { kind: 'incident', id },
            place: { event: row.id, ...(path === undefined ? {} : { path }) },
            text: inertLine(`${row.agentName}: ${row.label}`, 300),
            edit: 1,
          },
        })
      }
    },
    onSuccess: () => {
      onClear()
      void client.invalidateQueries({ queryKey: ['annotations'] })
    },
  })
  return (
    <div className="flex flex-wrap items-center gap-2 border-b border-line bg-accent-ground px-4 py-1.5">
      <output>{plural(marked.length, 'row')} marked</output>
      <label className="flex items-center gap-2 text-soft">
        Pin to
        <select className="field max-w-96" value={incident} onChange={(event) => setIncident(event.target.value)}>
          <option value="">{data?.items.length === 0 ? 'no incident yet' : 'an incident'}</option>
          {data?.items.map(({ id, headline }) => (
            <option key={id} value={id}>
              {inertLine(`${id.slice(0, 12)} ${headline}`, 90)}
            </option>
          ))}
        </select>
      </label>
      <button
        type="button"
        className="button"
        disabled={incident === '' || pin.isPending}
        onClick={() => pin.mutate(incident)}
      >
        {pin.isPending ? 'Pinning …' : 'Pin'}
      </button>
      <button type="button" className="button button-quiet" onClick={onClear}>
        Unmark all
      </button>
      {pin.error !== null && (
        <span role="alert" className="text-bad">
          <Untrusted text={pin.error.message} />
        </span>
      )}
    </div>
  )
}
