import { type ReactNode, useEffect } from 'react'
import { inertLine } from '../text/inert.ts'

export type TitleBarProps = {
  /** What the tab is called; made inert here, for it may hold captured text. */
  readonly tab: string
  readonly title: ReactNode
  readonly children?: ReactNode
  readonly actions?: ReactNode
}

/** The head of a page without the menu that copies it, which pages of the first script have no use for. */
export function TitleBar({ tab, title, children, actions }: TitleBarProps) {
  useEffect(() => {
    document.title = `${inertLine(tab, 80)} · Holdfast`
  }, [tab])
  return (
    <div className="flex flex-wrap items-start gap-x-6 gap-y-2 border-b border-line bg-surface px-4 py-3">
      <div className="min-w-0 flex-1 basis-56">
        {/* Who goes by keyboard has the focus here: its ring stands clear of the letters, and of the line below. */}
        <h1 className="-mx-1 rounded-xs px-1 text-xl font-semibold tracking-tight text-balance outline-offset-0">
          {title}
        </h1>
        {children !== undefined && <div className="mt-1 text-soft">{children}</div>}
      </div>
      {actions !== undefined && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
    </div>
  )
}
