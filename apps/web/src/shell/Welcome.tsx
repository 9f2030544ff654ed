import type { ReactNode } from 'react'
import { Mark } from '../ui/Icon.tsx'

/** A page of one panel with what is to be done: in place of a page, or of the whole workspace. */
export function Welcome({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <div className="flex min-h-full items-center justify-center p-6">
      <div className="panel flex w-full max-w-lg flex-col gap-3 p-6">
        <p className="flex items-center gap-2 font-semibold">
          <Mark />
          Holdfast
        </p>
        <h1 className="text-xl font-semibold tracking-tight">{title}</h1>
        {children}
      </div>
    </div>
  )
}
