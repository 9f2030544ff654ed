import type { ReactNode } from 'react'
import { useEffect } from 'react'
import { inertLine } from '../text/inert.ts'
import { CopyAs, type CopyAsProps } from './CopyAs.tsx'
import { formatShare } from './format.ts'

type PageHeadProps = {
  /** What the tab is called; made inert here, for it may hold captured text. */
  readonly tab: string
  readonly title: ReactNode
  readonly children?: ReactNode
  readonly actions?: ReactNode
  /** What the page shows, for the clipboard; stands last among the actions. */
  readonly copy?: CopyAsProps
}

/** The head of a page: what it is, one sentence, and what can be done. */
export function PageHead({ tab, title, children, actions, copy }: PageHeadProps) {
  useEffect(() => {
    document.title = `${inertLine(tab, 80)} · Holdfast`
  }, [tab])
  return (
    <div className="flex flex-wrap items-start gap-x-6 gap-y-2 border-b border-line bg-surface px-4 py-3">
      <div className="min-w-0 flex-1 basis-80">
        <h1 className="text-xl font-semibold tracking-tight text-balance">{title}</h1>
        {children !== undefined && <div className="mt-0.5 text-soft">{children}</div>}
      </div>
      {(actions !== undefined || copy !== undefined) && (
        <div className="flex flex-wrap items-center gap-2">
          {actions}
          {copy !== undefined && <CopyAs {...copy} />}
        </div>
      )}
    </div>
  )
}

type FactProps = { readonly label: string; readonly children: ReactNode; readonly className?: string }

/** One named fact; stands in a `<dl>`. */
export function Fact({ label, children, className = '' }: FactProps) {
  return (
    <div className={`min-w-0 ${className}`}>
      <dt className="eyebrow">{label}</dt>
      <dd className="min-w-0">{children}</dd>
    </div>
  )
}

/** A share as a bar and in words. */
export function Share({ share, label }: { readonly share: number; readonly label: string }) {
  const percent = Math.round(share * 100)
  return (
    <span className="flex w-full items-center gap-2">
      <span className="meter min-w-8 flex-1" aria-hidden="true">
        <span style={{ width: `${percent}%` }} />
      </span>
      <span className="sr-only">{label}:</span>
      <span className="tabular w-12 text-right text-soft">{formatShare(share)}</span>
    </span>
  )
}
