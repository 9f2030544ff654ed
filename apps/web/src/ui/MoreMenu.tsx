import { useEffect, useRef, type ReactNode } from 'react'

type MoreMenuProps = {
  readonly children: ReactNode
  /** At which widths it is there, and on which side what it opens stands. */
  readonly className?: string
  readonly side: 'left' | 'right'
}

/** What there is no room for in a line, behind one button. It closes when something else is pressed, or Escape. */
export function MoreMenu({ children, className = '', side }: MoreMenuProps) {
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
      <div
        className={`menu absolute z-40 mt-1 flex flex-col items-stretch gap-1 ${side === 'left' ? 'left-0' : 'right-0'}`}
      >
        {children}
      </div>
    </details>
  )
}
