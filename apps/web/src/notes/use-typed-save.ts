import { ApiError } from '@holdfast/api'
import { useEffect, useRef, useState } from 'react'
import { SAVE_AGAIN_MS } from '../limits.ts'
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
  useEffect(() => {
    if (state.status !== 'failed' || state.isOver) return undefined
    const timer = setTimeout(() => typed.current?.again(), SAVE_AGAIN_MS)
    return () => clearTimeout(timer)
  }, [state])
  const type = (text: string): void => {
    typed.current ??= new TypedSave({
      save: (last, at) => latest.current(last, at, false),
      onState: setState,
      isConflict: (error) => error instanceof ApiError && error.status === 409,
      edit,
    })
    typed.current.type(text)
  }
  return { state, type }
}
