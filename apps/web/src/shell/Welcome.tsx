import type { ReactNode } from 'react'
import { Mark } from '../ui/Icon.tsx'

/** A page beside the workspace: one panel with what is to be done. */
export function Welcome({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <main className="flex min-h-full items-center justify-center p-6">
      <div className="panel flex w-full max-w-lg flex-col gap-3 p-6">
        <p className="flex items-center gap-2 font-semibold">
          <Mark />
          Holdfast
        </p>
        <h1 className="text-xl font-semibold tracking-tight">{title}</h1>
        {children}
      </div>
    </main>
  )
}
