import { useEffect, useRef, type ReactNode } from 'react'

type MoreMenuProps = {
  readonly children: ReactNode
  /** At which widths it is there. It stands at the right of its line: what it opens reaches to the left. */
  readonly className?: string
}

/** A menu or list that one of its entries opened stands elsewhere in the page. */
const OPENED = '[role="menu"], .react-aria-Popover'
/** Entries that lead somewhere else: what stands open after them would only be in the way. */
const LEADS_AWAY = 'a[href], [aria-haspopup="dialog"]'

/**
 * What there is no room for in a line, behind one button. It closes when something else is pressed or has the focus, on Escape, and
 * with an entry that leads elsewhere, whose dialog gives the focus back to that button.
 */
export function MoreMenu({ children, className = '' }: MoreMenuProps) {
  const menu = useRef<HTMLDetailsElement>(null)
  useEffect(() => {
    const own = menu.current
    const close = (): void => own?.removeAttribute('open')
    const closeAndStay = (): void => {
      close()
      own?.querySelector('summary')?.focus()
    }
    const closeOutside = ({ target }: Event): void => {
      if (!(target instanceof Element) || target.closest(OPENED) !== null) return
      if (own?.contains(target) !== true) close()
    }
    const closeByKey = ({ key }: KeyboardEvent): void => {
      if (key === 'Escape' && own?.open === true) closeAndStay()
    }
    // Before the entry itself is told: a dialog remembers where the focus was when it opened.
    const closeAfter = ({ target }: Event): void => {
      if (target instanceof Element && target.closest(LEADS_AWAY) !== null) closeAndStay()
    }
    document.addEventListener('pointerdown', closeOutside)
    document.addEventListener('focusin', closeOutside)
    document.addEventListener('keydown', closeByKey)
    own?.addEventListener('click', closeAfter)
    return () => {
      document.removeEventListener('pointerdown', closeOutside)
      document.removeEventListener('focusin', closeOutside)
      document.removeEventListener('keydown', closeByKey)
      own?.removeEventListener('click', closeAfter)
    }
  }, [])
  return (
    <details ref={menu} className={`relative ${className}`}>
      <summary className="button list-none">More</summary>
      <div className="menu absolute right-0 z-40 mt-1 flex flex-col items-stretch gap-1">{children}</div>
    </details>
  )
}
