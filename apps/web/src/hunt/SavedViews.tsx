import type { Body, SavedViewWire } from '@holdfast/api'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { api } from '../data/client.ts'
import { paths } from '../paths.ts'
import type { HuntSearch } from '../search-params.ts'
import { personWords } from '../text/person.ts'
import { Untrusted } from '../text/Untrusted.tsx'
import { Time } from '../time/Time.tsx'
import { columnsOf } from './columns.ts'
import { huntQueries } from './queries.ts'

/** Searches that somebody saved, for everybody: opened, saved anew, replaced, removed. */
export function SavedViews({ search }: { readonly search: HuntSearch }) {
  const client = useQueryClient()
  const { data } = useQuery(huntQueries.savedViews())
  const [name, setName] = useState('')
  const done = (): void => {
    setName('')
    void client.invalidateQueries({ queryKey: ['saved-views'] })
  }
  const save = useMutation({
    mutationFn: (view: SavedViewWire | undefined) => {
      const body = bodyOf(search, view?.name ?? name.trim())
      return view === undefined
        ? api.call('saveView', { body })
        : api.call('changeView', { params: { view: view.id }, body })
    },
    onSuccess: done,
  })
  const remove = useMutation({
    mutationFn: (view: SavedViewWire) => api.call('removeView', { params: { view: view.id } }),
    onSuccess: done,
  })
  const error = save.error ?? remove.error
  return (
    <div className="flex flex-col gap-2 p-3">
      <form
        className="flex gap-2"
        onSubmit={(event) => {
          event.preventDefault()
          if (name.trim() !== '') save.mutate(undefined)
        }}
      >
        <input
          className="field min-w-0 flex-1"
          aria-label="Name of the view"
          placeholder="Name this search"
          maxLength={120}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <button type="submit" className="button" disabled={name.trim() === '' || save.isPending}>
          Save
        </button>
      </form>
      {error !== null && (
        <p role="alert" className="text-bad">
          <Untrusted text={error.message} />
        </p>
      )}
      {data !== undefined && data.items.length === 0 && (
        <p className="text-soft">None yet. A saved search is on the server, and everybody sees it.</p>
      )}
      <ul className="flex flex-col gap-1">
        {data?.items.map((view) => (
          <li key={view.id} className="rounded-md border border-line p-2">
            <Link to={paths.hunt} search={searchOf(view)} className="link font-medium">
              <Untrusted text={view.name} />
            </Link>
            <Untrusted text={view.q === '' ? 'everything' : view.q} className="mono block truncate text-soft" />
            <p className="flex items-center gap-2 text-xs text-faint">
              <span className="min-w-0 flex-1 truncate">
                <Untrusted text={personWords(view.by)} />, <Time at={view.savedAt} />
              </span>
              <button type="button" className="link" onClick={() => save.mutate(view)}>
                Replace
              </button>
              <button type="button" className="link" onClick={() => remove.mutate(view)}>
                Remove
              </button>
            </p>
          </li>
        ))}
      </ul>
    </div>
  )
}

function bodyOf({ q = '', from, to, clock, cols }: HuntSearch, name: string): Body<'saveView'> {
  return {
    name,
    q,
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(clock === undefined ? {} : { clock }),
    ...(cols === undefined ? {} : { columns: [...columnsOf(cols)] }),
  }
}

function searchOf({ q, from, to, clock, columns }: SavedViewWire): HuntSearch {
  return {
    ...(q === '' ? {} : { q }),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(clock === 'recorded' ? { clock } : {}),
    ...(columns === undefined ? {} : { cols: columns.join(',') }),
  }
}
