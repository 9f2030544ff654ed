import { useSyncExternalStore, type ReactNode } from 'react'
import { MoreMenu } from './MoreMenu.tsx'

/** Below it a head has no room for a row of buttons; `md` of the style sheet. */
const ROOMY = '(width >= 48rem)'

/** What can be done on a page: as a row where there is room, else behind one button, each with its name. */
export function FoldedActions({ children }: { readonly children: ReactNode }) {
  const isRoomy = useSyncExternalStore(subscribe, () => matchMedia(ROOMY).matches)
  if (isRoomy) return <span className="flex flex-wrap gap-2">{children}</span>
  return (
    <MoreMenu>
      {/* What a page shortens or opens beside itself for want of room has it here. */}
      <span className="flex flex-col items-stretch gap-1 [&_.menu]:static [&_.menu]:w-full [&_.menu]:max-w-full [&_button_span]:not-sr-only">
        {children}
      </span>
    </MoreMenu>
  )
}

function subscribe(listener: () => void): () => void {
  const query = matchMedia(ROOMY)
  query.addEventListener('change', listener)
  return () => query.removeEventListener('change', listener)
}
