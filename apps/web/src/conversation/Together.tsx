import { pathSegment, SHOWN_TOGETHER, textOfSegment } from '@holdfast/api'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Button, Dialog, DialogTrigger, Popover } from 'react-aria-components'
import { queries } from '../data/queries.ts'
import { Untrusted } from '../text/Untrusted.tsx'
import { plural } from '../ui/format.ts'
import { Icon } from '../ui/Icon.tsx'
import type { Selection } from './use-selection.ts'
import { inertLine } from '../text/inert.ts'

/** Other conversations drawn as one graph with this one: those of its incidents by one press, any other by its id. */
export function Together({ selection }: { readonly selection: Selection }) {
  const { conversation, search, set } = selection
  const shown = togetherOf(search.with)
  const change = (next: readonly string[]): void =>
    set({ with: next.length === 0 ? undefined : next.map(pathSegment).join(',') })
  return (
    <>
      <DialogTrigger>
        <Button className="button">Together with{shown.length > 0 && ` ${plural(shown.length, 'other')}`}</Button>
        <Popover placement="bottom start" className="panel w-104 max-w-[95vw] bg-raised p-3 shadow-lg">
          <Dialog aria-label="Shown together" className="flex flex-col gap-2 outline-none">
            <h2 className="eyebrow">Shown as one graph</h2>
            <Related conversation={conversation} shown={shown} onChange={change} />
            <AddById shown={shown} onChange={change} />
          </Dialog>
        </Popover>
      </DialogTrigger>
      {shown.map((id) => (
        <span key={id} className="badge max-w-64">
          <Untrusted text={id} className="truncate" />
          <button
            type="button"
            className="ml-1 cursor-pointer"
            aria-label={`Leave out ${inertLine(id)}`}
            onClick={() => change(shown.filter((each) => each !== id))}
          >
            <Icon name="close" className="size-3" />
          </button>
        </span>
      ))}
    </>
  )
}

type ChooseProps = { readonly shown: readonly string[]; readonly onChange: (ids: readonly string[]) => void }

/** The other conversations of the incidents that this one is part of. */
function Related({ conversation, shown, onChange }: ChooseProps & { readonly conversation: string }) {
  const { data, error } = useQuery(queries.incidentsOf({ conversation }))
  const others = new Set(data?.items.flatMap(({ conversations }) => conversations))
  others.delete(conversation)
  if (error !== null) return <p className="text-bad">Its incidents could not be read: {error.message}</p>
  if (data === undefined) return <p className="text-faint">Reading its incidents …</p>
  if (others.size === 0) return <p className="text-soft">No incident joins it to another conversation.</p>
  const missing = [...others].filter((id) => !shown.includes(id))
  const room = SHOWN_TOGETHER - shown.length
  return (
    <>
      <ul className="flex max-h-64 flex-col gap-1 overflow-auto">
        {[...others].map((id) => (
          <li key={id}>
            <label className="flex items-center gap-2">
              <input
                type="checkbox"
                checked={shown.includes(id)}
                disabled={!shown.includes(id) && room <= 0}
                onChange={({ target }) =>
                  onChange(target.checked ? [...shown, id] : shown.filter((each) => each !== id))
                }
              />
              <span className="sr-only">show</span>
              <Untrusted text={id} className="truncate" />
            </label>
          </li>
        ))}
      </ul>
      {missing.length > 1 && (
        <button
          type="button"
          className="button self-start"
          disabled={room <= 0}
          onClick={() => onChange([...shown, ...missing.slice(0, room)])}
        >
          {missing.length <= room
            ? `All ${missing.length} of the incident`
            : `${room} of ${missing.length}: no more fit`}
        </button>
      )}
    </>
  )
}

function AddById({ shown, onChange }: ChooseProps) {
  const [id, setId] = useState('')
  const isFull = shown.length >= SHOWN_TOGETHER
  return (
    <form
      className="flex items-end gap-2 border-t border-line pt-2"
      onSubmit={(event) => {
        event.preventDefault()
        const next = id.trim()
        if (next !== '' && !isFull && !shown.includes(next)) onChange([...shown, next])
        setId('')
      }}
    >
      <label className="flex min-w-0 flex-1 flex-col gap-1">
        Another conversation or trace, by its id
        <input className="field" value={id} maxLength={500} onChange={({ target }) => setId(target.value)} />
      </label>
      <button
        type="submit"
        className="button"
        disabled={isFull}
        title={isFull ? `no more than ${SHOWN_TOGETHER} fit` : ''}
      >
        Show
      </button>
    </form>
  )
}

function togetherOf(text: string | undefined): readonly string[] {
  return (text ?? '').split(',').flatMap((segment) => {
    try {
      return segment === '' ? [] : [textOfSegment(decodeURIComponent(segment))]
    } catch {
      // An address typed by hand: the server says that it is none.
      return [segment]
    }
  })
}
