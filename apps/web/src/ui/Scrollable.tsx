import type { ReactNode, Ref } from 'react'
import { inertLine } from '../text/inert.ts'

type ScrollableProps = {
  /** Made inert here, for it may hold captured text. */
  readonly label: string
  readonly className?: string
  readonly children: ReactNode
  readonly ref?: Ref<HTMLElement>
}

/** A box that scrolls, named, and reached by Tab so that it can be scrolled without a pointer. */
export function Scrollable({ label, className = '', children, ref }: ScrollableProps) {
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- WCAG 2.1.1: what scrolls must take the focus
    <section ref={ref} aria-label={inertLine(label)} tabIndex={0} className={`overflow-auto ${className}`}>
      {children}
    </section>
  )
}
