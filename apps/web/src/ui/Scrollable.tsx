import type { ReactNode, Ref } from 'react'
import { inertLine } from '../text/inert.ts'

type ScrollableProps = {
  /** Made inert here, for it may hold captured text. */
  readonly label: string
  readonly className?: string
  /** One of many alike on a page, such as a command to copy: no landmark to be jumped to. */
  readonly isPart?: boolean
  readonly children: ReactNode
  readonly ref?: Ref<HTMLElement>
}

/** A box that scrolls, named, and reached by Tab so that it can be scrolled without a pointer. */
export function Scrollable({ label, className = '', isPart = false, children, ref }: ScrollableProps) {
  return (
    <section
      ref={ref}
      role={isPart ? 'group' : undefined}
      aria-label={inertLine(label)}
      // WCAG 2.1.1: what scrolls must take the focus.
      tabIndex={0}
      className={`overflow-auto ${className}`}
    >
      {children}
    </section>
  )
}
