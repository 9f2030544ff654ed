import type { AnnotationWire } from '@holdfast/api'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../data/client.ts'
import { queries } from '../data/queries.ts'
import { incidentQueries } from '../incidents/queries.ts'
import { DeedState } from '../response/Deeds.tsx'
import { roleObstacle } from '../response/may.ts'
import { useDeed } from '../response/use-deed.ts'
import { personWords } from '../text/person.ts'
import { Untrusted } from '../text/Untrusted.tsx'
import { Time } from '../time/Time.tsx'
import { formatCount, plural } from '../ui/format.ts'
import { ErrorState, NotReadAgain } from '../ui/States.tsx'
import { NoteEditor } from './NoteEditor.tsx'

/** Notes and pins of an incident, pins first, and the place where the next is written. */
export function Notes({ incident }: { readonly incident: string }) {
  const { data: session } = useQuery(queries.session())
  const { data, error, refetch } = useQuery(incidentQueries.notes(incident))
  // Each note that is begun here has an editor of its own, and is listed once it is left.
  const [begun, setBegun] = useState(() => crypto.randomUUID())
  const about = { what: 'the notes', error, onRetry: () => void refetch() }
  if (data === undefined) return error === null ? null : <ErrorState {...about} />
  const obstacle = roleObstacle(session, 'analyst')
  const notes = data.items
    .filter(({ id }) => id !== begun)
    .toSorted((a, b) => Number(b.type === 'pin') - Number(a.type === 'pin'))
  return (
    <section id="notes" aria-label="Notes" className="panel flex scroll-mt-2 flex-col gap-2 p-3">
      <h2 className="flex flex-wrap items-baseline gap-x-2 font-semibold">
        Notes
        <span className="font-normal text-soft">
          {data.items.length === data.total
            ? plural(data.total, 'note')
            : `the newest ${formatCount(data.items.length)} of ${formatCount(data.total)}`}
        </span>
      </h2>
      <NotReadAgain {...about} />
      <ul className="flex flex-col gap-2">
        {notes.map((note) => (
          <Note key={note.id} note={note} incident={incident} isMine={note.by === session?.name} />
        ))}
      </ul>
      {obstacle === undefined ? (
        <>
          <NoteEditor key={begun} id={begun} incident={incident} label="A new note" />
          <button type="button" className="button self-start" onClick={() => setBegun(crypto.randomUUID())}>
            Next note
          </button>
        </>
      ) : (
        <p className="text-soft">{obstacle}</p>
      )}
    </section>
  )
}

type NoteProps = { readonly note: AnnotationWire; readonly incident: string; readonly isMine: boolean }

function Note({ note, incident, isMine }: NoteProps) {
  const deed = useDeed()
  const [isEdited, setEdited] = useState(false)
  const put = (type: AnnotationWire['type']) => () =>
    deed.run(type === 'pin' ? 'it is pinned' : 'it is a note', () => {
      const { subject, place, text, edit } = note
      const body = { type, subject, ...(place === undefined ? {} : { place }), text, edit: edit + 1 }
      return api.call('putAnnotation', { params: { annotation: note.id }, body })
    })
  return (
    <li className="flex flex-col gap-0.5 border-l-2 border-line pl-2">
      {isEdited ? (
        <NoteEditor id={note.id} incident={incident} note={note} label="This note" />
      ) : (
        <span>
          {note.type !== 'note' && <span className="badge badge-info mr-1">{note.type}</span>}
          <Untrusted text={note.text === '' ? '(empty)' : note.text} />
        </span>
      )}
      <span className="flex flex-wrap items-baseline gap-x-2 text-xs text-faint">
        <Untrusted text={personWords(note.by)} /> <Time at={note.editedAt} />
        {isMine && (
          <>
            <button type="button" className="link" onClick={() => setEdited(!isEdited)}>
              {isEdited ? 'done' : 'edit'}
            </button>
          </>
        )}
        {isMine && !isEdited && (
          <>
            <button type="button" className="link" onClick={put(note.type === 'pin' ? 'note' : 'pin')}>
              {note.type === 'pin' ? 'unpin' : 'pin'}
            </button>
            <button
              type="button"
              className="link"
              onClick={() =>
                deed.run('it is out of sight', () => api.call('removeAnnotation', { params: { annotation: note.id } }))
              }
            >
              remove
            </button>
          </>
        )}
        <DeedState deed={deed} />
      </span>
    </li>
  )
}
