import { Time } from '../../time/Time.tsx'
import { Icon } from '../../ui/Icon.tsx'
import { PAGE_WORDS } from './page-time.ts'
import { useAt } from './use-at.ts'

/** Says above every page that it is not the present that is looked at, by which clock, and leads back to it. */
export function AtBar() {
  const { at, by, page, set } = useAt()
  if (at === undefined) return null
  const isKnown = by === 'known'
  return (
    <aside
      aria-label="Time shown"
      className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b border-accent bg-accent-ground px-4 py-1"
    >
      <Icon name="clock" className="text-accent" />
      <span>
        As of{' '}
        <strong>
          <Time at={at} />
        </strong>
      </span>
      <fieldset className="segmented" aria-label="Which clock">
        <button type="button" aria-pressed={!isKnown} onClick={() => set({ at, by: undefined })}>
          Happened by then
        </button>
        <button type="button" aria-pressed={isKnown} onClick={() => set({ at, by: 'known' })}>
          Known by then
        </button>
      </fieldset>
      {(page === 'now' || page === 'timeline' || (page === 'happened' && isKnown)) && (
        <span className="text-warn">{PAGE_WORDS[page]}</span>
      )}
      <button type="button" className="button ml-auto" onClick={() => set({ at: undefined, by: undefined })}>
        Back to now
      </button>
    </aside>
  )
}
