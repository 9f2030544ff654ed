import { lazy, Suspense, useRef, useState } from 'react'
import { Icon } from '../../ui/Icon.tsx'
import { useAt } from './use-at.ts'

const AtPanel = lazy(() => import('./AtPanel.tsx').then(({ AtPanel: component }) => ({ default: component })))

/** Opens the way to another instant; which one is shown stands in the bar below the header. */
export function AtControl() {
  const at = useAt()
  const button = useRef<HTMLButtonElement>(null)
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <button
        ref={button}
        type="button"
        className="button button-quiet max-sm:px-1.5"
        aria-haspopup="dialog"
        aria-expanded={isOpen}
        aria-label={at.at === undefined ? 'Time shown: now. Go to another instant' : 'Go to another instant'}
        title="go to another instant"
        onClick={() => setOpen(!isOpen)}
      >
        <Icon name="clock" className={at.at === undefined ? '' : 'text-accent'} />
      </button>
      <Suspense fallback={null}>
        {isOpen && <AtPanel at={at} anchor={button} onClose={() => setOpen(false)} />}
      </Suspense>
    </>
  )
}
