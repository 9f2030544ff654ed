import { formatRfc3339, parseUnixNano } from '@holdfast/model'
import type { AnnotationWire, StripWire } from '@holdfast/api'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { Button, Dialog, DialogTrigger, Popover } from 'react-aria-components'
import { api } from '../data/client.ts'
import { queries } from '../data/queries.ts'
import { BOOKMARKS } from '../limits.ts'
import { roleObstacle } from '../response/may.ts'
import type { TimeSearch } from '../search-params.ts'
import { personWords } from '../text/person.ts'
import { Untrusted } from '../text/Untrusted.tsx'
import { Icon } from '../ui/Icon.tsx'
import { Time } from './Time.tsx'

type BookmarksProps = {
  readonly conversation: string
  readonly strip: StripWire
  readonly time: TimeSearch
  readonly onTime: (time: TimeSearch) => void
}

/** Moments of a conversation that somebody marked. They are on the server, and in the log, as soon as they are saved. */
export function Bookmarks({ conversation, strip, time, onTime }: BookmarksProps) {
  const { data, error } = useQuery({
    queryKey: ['annotations', 'conversation', conversation, 'bookmark'],
    queryFn: ({ signal }) =>
      api.call('listAnnotations', {
        query: { kind: 'conversation', subject: conversation, type: 'bookmark', limit: BOOKMARKS },
        signal,
      }),
  })
  const marks = data?.items ?? []
  return (
    <DialogTrigger>
      <Button
        className="button button-quiet"
        aria-label={`Bookmarks: ${data === undefined ? 'not read yet' : data.total}`}
      >
        <Icon name="flag" />
        {marks.length > 0 && <span className="tabular">{marks.length}</span>}
      </Button>
      <Popover placement="bottom end" className="panel w-88 max-w-[95vw] bg-raised p-3 shadow-lg">
        <Dialog aria-label="Bookmarks" className="flex flex-col gap-2 outline-none">
          <h2 className="eyebrow">Bookmarks</h2>
          {error !== null && <p className="text-bad">They could not be read: {error.message}</p>}
          {marks.length === 0 && error === null && <p className="text-soft">Nobody has marked a moment of it yet.</p>}
          <ul className="flex max-h-72 flex-col gap-1 overflow-auto">
            {marks.map((mark) => (
              <MarkedMoment key={mark.id} mark={mark} onTime={onTime} />
            ))}
          </ul>
          {data !== undefined && data.total > marks.length && (
            <p className="text-faint">
              {marks.length} of {data.total}; the log has all
            </p>
          )}
          <AddBookmark conversation={conversation} strip={strip} time={time} />
        </Dialog>
      </Popover>
    </DialogTrigger>
  )
}

function MarkedMoment({ mark, onTime }: { readonly mark: AnnotationWire; readonly onTime: BookmarksProps['onTime'] }) {
  const { place, text, by } = mark
  return (
    <li>
      <button
        type="button"
        className="flex w-full flex-col items-start rounded-md px-2 py-1 text-left hover:bg-sunken"
        onClick={() => onTime({ at: place?.at, by: place?.path?.includes('by=known') === true ? 'known' : undefined })}
      >
        <Untrusted text={text === '' ? 'without words' : text} className="max-w-full truncate" />
        <span className="text-xs text-faint">
          {place?.at === undefined ? 'now' : <Time at={place.at} />} · <Untrusted text={personWords(by)} />
        </span>
      </button>
    </li>
  )
}

type AddProps = Pick<BookmarksProps, 'conversation' | 'strip' | 'time'>

function AddBookmark({ conversation, strip, time }: AddProps) {
  const client = useQueryClient()
  const { data: session } = useQuery(queries.session())
  const [text, setText] = useState('')
  const [said, setSaid] = useState('')
  const obstacle = roleObstacle(session, 'analyst')
  // A bookmark of the present is of the last thing that is recorded: the present moves on.
  const last = parseUnixNano(BigInt(strip.to))
  const at = time.at ?? (last === undefined ? undefined : formatRfc3339(last))
  const save = (): void => {
    const place = {
      ...(at === undefined ? {} : { at }),
      path: `${location.pathname}${location.search}`.slice(0, 2_000),
    }
    const subject = { kind: 'conversation' as const, id: conversation }
    const body = { type: 'bookmark' as const, subject, place, text: text.trim(), edit: 1 }
    api.call('putAnnotation', { params: { annotation: crypto.randomUUID() }, body }).then(
      () => {
        setText('')
        setSaid('Marked, and on record')
        void client.invalidateQueries({ queryKey: ['annotations'] })
      },
      (fault: unknown) => setSaid(`not saved: ${fault instanceof Error ? fault.message : String(fault)}`),
    )
  }
  return (
    <form
      className="flex flex-col gap-2 border-t border-line pt-2"
      onSubmit={(event) => {
        event.preventDefault()
        save()
      }}
    >
      <label className="flex flex-col gap-1">
        Mark this moment
        <input className="field" value={text} maxLength={200} onChange={({ target }) => setText(target.value)} />
      </label>
      <div className="flex items-center gap-2">
        <button type="submit" className="button button-primary" disabled={obstacle !== undefined}>
          Save
        </button>
        <output className="text-faint">{obstacle ?? said}</output>
      </div>
    </form>
  )
}
