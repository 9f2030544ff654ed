import type { ReactNode } from 'react'
import { Untrusted } from '../text/Untrusted.tsx'
import type { Deed } from './use-deed.ts'

type DeedButtonProps = {
  readonly children: ReactNode
  readonly deed: Deed
  /** Why it cannot be done now; undefined where it can. */
  readonly obstacle: string | undefined
  readonly isMain?: boolean
  readonly onAct: () => void
}

/** A button that does something. One that cannot says why beside it. */
export function DeedButton({ children, deed, obstacle, isMain = false, onAct }: DeedButtonProps) {
  return (
    <span className="flex flex-wrap items-center gap-2">
      <button
        type="button"
        className={`button ${isMain ? 'button-primary' : ''}`}
        disabled={obstacle !== undefined || deed.isBusy}
        onClick={onAct}
      >
        {children}
      </button>
      {obstacle !== undefined && <span className="text-soft">{obstacle}</span>}
    </span>
  )
}

/** What came of the last deed, told to those who do not see it as well. */
export function DeedState({ deed: { state } }: { readonly deed: Deed }) {
  return (
    <output className={state.status === 'refused' ? 'text-bad' : 'text-soft'}>
      {state.status === 'working' && 'Working …'}
      {state.status === 'done' && state.what}
      {state.status === 'refused' && (
        <>
          Refused: <Untrusted text={state.why} as={state.why.includes('\n') ? 'block' : 'line'} />
        </>
      )}
    </output>
  )
}
