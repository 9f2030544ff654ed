import { useEffect, useRef, useState } from 'react'
import { TypedSave, type SaveState, type TypedSaveOptions } from './typed-save.ts'

type TypedSaveUse = Pick<TypedSaveOptions, 'edit'> & {
  /** `isLast`: the page is going; the request has to outlive it. */
  readonly save: (text: string, edit: number, isLast: boolean) => Promise<unknown>
}

/** Saves what is typed, at the end of the page too. */
export function useTypedSave({ save, edit }: TypedSaveUse): {
  readonly state: SaveState
  readonly type: (text: string) => void
} {
  const [state, setState] = useState<SaveState>({ status: 'idle' })
  const latest = useRef(save)
  const typed = useRef<TypedSave>(undefined)
  useEffect(() => {
    latest.current = save
  })
  useEffect(() => {
    const flush = (): void => {
      const left = typed.current?.left()
      // Nobody is left to hear whether it was taken.
      if (left !== undefined) latest.current(left.text, left.edit, true).catch(() => undefined)
    }
    addEventListener('pagehide', flush)
    return () => {
      removeEventListener('pagehide', flush)
      flush()
    }
  }, [])
  const type = (text: string): void => {
    typed.current ??= new TypedSave({
      save: (last, at) => latest.current(last, at, false),
      onState: setState,
      edit,
    })
    typed.current.type(text)
  }
  return { state, type }
}
