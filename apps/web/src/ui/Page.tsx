import type { ReactNode } from 'react'
import { CopyAs, type CopyAsProps } from './CopyAs.tsx'
import { formatShare } from './format.ts'
import { TitleBar, type TitleBarProps } from './TitleBar.tsx'

/** `copy`: what the page shows, for the clipboard; stands last among the actions. */
type PageHeadProps = TitleBarProps & { readonly copy?: CopyAsProps }

/** The head of a page: what it is, one sentence, and what can be done. */
export function PageHead({ copy, actions, ...head }: PageHeadProps) {
  if (copy === undefined) return <TitleBar {...head} actions={actions} />
  return (
    <TitleBar
      {...head}
      actions={
        <>
          {actions}
          <CopyAs {...copy} />
        </>
      }
    />
  )
}

type TabHeadProps = { readonly children: ReactNode; readonly actions: ReactNode }

/** The head of a tab of a page: what it comes to, and beside it, where there is room, what can be done. */
export function TabHead({ children, actions }: TabHeadProps) {
  return (
    <div className="flex flex-wrap items-start gap-x-6 gap-y-3">
      <div className="flex min-w-0 flex-1 basis-72 flex-col gap-1">{children}</div>
      <div className="flex gap-2">{actions}</div>
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
