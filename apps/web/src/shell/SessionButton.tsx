import { lazy, Suspense, useState } from 'react'
import { Icon } from '../ui/Icon.tsx'

const SessionDialog = lazy(() =>
  import('./SessionDialog.tsx').then(({ SessionDialog: component }) => ({ default: component })),
)

/** Opens who is signed in here, and the way out. */
export function SessionButton() {
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <button
        type="button"
        className="button button-quiet max-sm:hidden"
        aria-label="Session"
        onClick={() => setOpen(true)}
      >
        <Icon name="identity" />
      </button>
      <Suspense fallback={null}>{isOpen && <SessionDialog onClose={() => setOpen(false)} />}</Suspense>
    </>
  )
}
