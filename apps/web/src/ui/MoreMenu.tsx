import { useEffect, useRef, type ReactNode } from 'react'

type MoreMenuProps = {
  readonly children: ReactNode
  /** At which widths it is there. It stands at the right of its line: what it opens reaches to the left. */
  readonly className?: string
}

/** What there is no room for in a line, behind one button. It closes when something else is pressed, or Escape. */
export function MoreMenu({ children, className = '' }: MoreMenuProps) {
  const menu = useRef<HTMLDetailsElement>(null)
  useEffect(() => {
    const close = (): void => menu.current?.removeAttribute('open')
    const closeOutside = ({ target }: Event): void => {
      // A menu that one of its entries opened stands elsewhere in the page.
      if (!(target instanceof Element) || target.closest('[role="menu"]') !== null) return
      if (menu.current?.contains(target) !== true) close()
    }
    const closeByKey = ({ key }: KeyboardEvent): void => {
      if (key !== 'Escape' || menu.current?.open !== true) return
      close()
      menu.current.querySelector('summary')?.focus()
    }
    document.addEventListener('pointerdown', closeOutside)
    document.addEventListener('keydown', closeByKey)
    return () => {
      document.removeEventListener('pointerdown', closeOutside)
      document.removeEventListener('keydown', closeByKey)
    }
  }, [])
  return (
    <details ref={menu} className={`relative ${className}`}>
      <summary className="button list-none">More</summary>
      <div className="menu absolute right-0 z-40 mt-1 flex flex-col items-stretch gap-1">{children}</div>
    </details>
  )
}
