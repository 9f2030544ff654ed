import { lazy, Suspense, useRef, useState } from 'react'
import { formatUtc, parseWireTime } from '../../time/time.ts'
import { Icon } from '../../ui/Icon.tsx'
import type { PageTime } from './page-time.ts'
import { useAt, type At } from './use-at.ts'

const AtPanel = lazy(() => import('./AtPanel.tsx').then(({ AtPanel: component }) => ({ default: component })))

/** Which instant the workspace shows: "now", or the one of the address with the clock it goes by, and the way back to now. */
export function AtControl() {
  const at = useAt()
  const button = useRef<HTMLButtonElement>(null)
  const [isOpen, setOpen] = useState(false)
  const words = wordsOf(at)
  return (
    <div className={`flex items-center rounded-md ${at.at === undefined ? '' : 'bg-accent-ground text-accent'}`}>
      <button
        ref={button}
        type="button"
        className="button button-quiet gap-1.5"
        aria-haspopup="dialog"
        aria-expanded={isOpen}
        aria-label={at.at === undefined ? 'Time shown: now. Go to another instant' : `Time shown: ${words}`}
        title={at.at === undefined ? 'go to another instant' : PAGE_WORDS[at.page]}
        onClick={() => setOpen(!isOpen)}
      >
        <Icon name="clock" />
        <span className={at.at === undefined ? 'hidden text-faint min-[96rem]:inline' : 'tabular hidden md:inline'}>
          {words}
        </span>
      </button>
      {at.at !== undefined && (
        <button
          type="button"
          className="button button-quiet"
          aria-label="Back to now"
          title="back to now"
          onClick={() => at.set({ at: undefined, by: undefined })}
        >
          <Icon name="close" />
        </button>
      )}
      <Suspense fallback={null}>
        {isOpen && <AtPanel at={at} anchor={button} onClose={() => setOpen(false)} />}
      </Suspense>
    </div>
  )
}

export const PAGE_WORDS: Readonly<Record<PageTime, string>> = {
  both: 'this page shows that instant, by either clock',
  happened: 'this page shows what had happened by then, as claimed; it knows no other clock',
  now: 'this page shows the present, whatever instant is chosen',
}

function wordsOf({ at, by, page }: At): string {
  const nanos = at === undefined ? undefined : parseWireTime(at)
  if (nanos === undefined) return 'now'
  if (page === 'now') return `${formatUtc(nanos)} (this page: now)`
  return `${formatUtc(nanos)} · ${by === 'known' && page === 'both' ? 'known' : 'happened'} by then`
}
