import type { AnnotationWire } from '@holdfast/api'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useId, useRef, useState } from 'react'
import { api } from '../data/client.ts'
import { Untrusted } from '../text/Untrusted.tsx'
import type { SaveState } from './typed-save.ts'
import { useTypedSave } from './use-typed-save.ts'

type NoteEditorProps = {
  readonly incident: string
  /** Its id, chosen here. */
  readonly id: string
  /** The note that is written on; a new one where absent. */
  readonly note?: AnnotationWire
  readonly label: string
}

/** A note that is on the server as it is typed. */
export function NoteEditor({ incident, id, note, label }: NoteEditorProps) {
  const client = useQueryClient()
  const [text, setText] = useState(note?.text ?? '')
  // The text that is written on, and not one that another tab saved since.
  const [edit] = useState(note?.edit ?? 0)
  const stateId = useId()
  const isShown = useRef(false)
  const readAgain = (): void => {
    for (const part of ['timeline', 'notes']) void client.invalidateQueries({ queryKey: ['incident', incident, part] })
  }
  const { state, type } = useTypedSave({
    edit,
    save: async (typed, at, isLast) => {
      await api.call('putAnnotation', {
        params: { annotation: id },
        body: {
          type: note?.type ?? 'note',
          subject: note?.subject ?? { kind: 'incident', id: incident },
          ...(note?.place === undefined ? {} : { place: note.place }),
          text: typed,
          edit: at,
        },
        ...(isLast ? { keepalive: true as const } : {}),
      })
      // Nobody waits for the pause in typing any more.
      if (!isShown.current) readAgain()
    },
  })
  useEffect(() => {
    isShown.current = true
    return () => {
      isShown.current = false
    }
  }, [])
  useEffect(() => {
    if (state.status === 'saved') readAgain()
    // oxlint-disable-next-line react/exhaustive-deps -- once for each pause in typing
  }, [state])
  return (
    <span className="flex flex-col gap-0.5">
      <textarea
        className="field min-h-16 w-full resize-y"
        aria-label={label}
        aria-describedby={stateId}
        placeholder="Saved as you type"
        value={text}
        maxLength={4_000}
        onChange={({ target }) => {
          setText(target.value)
          type(target.value)
        }}
      />
      <output id={stateId} className={`text-xs ${state.status === 'failed' ? 'text-bad' : 'text-faint'}`}>
        <Saved state={state} />
      </output>
    </span>
  )
}

function Saved({ state }: { readonly state: SaveState }) {
  switch (state.status) {
    case 'idle':
      return ''
    case 'saving':
      return 'saving …'
    case 'saved':
      return 'saved on the server'
    case 'failed':
      return (
        <>
          not saved: <Untrusted text={state.why} />
          {state.isOver ? '; what is typed here is kept nowhere' : '; it is tried again'}
        </>
      )
  }
}
