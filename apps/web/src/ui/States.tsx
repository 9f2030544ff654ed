import { ApiError } from '@holdfast/api'
import { type ReactNode, use } from 'react'
import { Untrusted } from '../text/Untrusted.tsx'
import { Command } from './Copy.tsx'
import { Icon } from './Icon.tsx'
import { ToldOnceContext } from './told-once.ts'

type EmptyProps = {
  /** What would be shown here. */
  readonly title: string
  /** Why it is empty. */
  readonly why: ReactNode
  /** One command that would fill it. */
  readonly command?: string
  readonly children?: ReactNode
}

/** An empty list: what would be here, why it is not, and one thing to do. */
export function EmptyState({ title, why, command, children }: EmptyProps) {
  return (
    <div className="mx-auto flex w-full max-w-xl flex-col gap-3 px-6 py-12">
      <h2 className="text-lg font-semibold">{title}</h2>
      <p className="text-soft">{why}</p>
      {command !== undefined && <Command text={command} label="the command" />}
      {children}
    </div>
  )
}

export function PageLoading() {
  return <Loading what="this page" />
}

export function Loading({ what }: { readonly what: string }) {
  return <output className="px-6 py-10 text-faint">Reading {what} …</output>
}

type PartProps = { readonly what: string; readonly error: Error | null; readonly onRetry: () => void }

/** A part of a page of which nothing was read: that it is being read, or why it cannot be. */
export function Unread({ what, error, onRetry }: PartProps) {
  return error === null ? <Loading what={what} /> : <ErrorState what={what} error={error} onRetry={onRetry} />
}

/** Above what was read before and stays: that it could not be read again, and so may be behind. Nothing where it could, or the shell says why. */
export function NotReadAgain({ what, error, onRetry }: PartProps) {
  const isTold = use(ToldOnceContext)
  if (error === null || isTold) return null
  return (
    <output className="note note-warn flex flex-wrap items-center gap-x-3">
      <span>
        This is as it was read before: {what} could not be read again (<Untrusted text={error.message} />
        ).
      </span>
      <button type="button" className="button" onClick={onRetry}>
        Read again
      </button>
    </output>
  )
}

type ErrorProps = {
  readonly what: string
  readonly error: unknown
  readonly onRetry?: () => void
  /** `h1` where it stands in place of a whole page. */
  readonly heading?: 'h1' | 'h2'
}

/** What could not be read, in the server's own words, and what to do. */
export function ErrorState({ what, error, onRetry, heading: Heading = 'h2' }: ErrorProps) {
  const status = error instanceof ApiError ? error.status : undefined
  return (
    <div role="alert" className="mx-auto flex w-full max-w-xl flex-col gap-3 px-6 py-10">
      <Heading className="flex items-center gap-2 text-lg font-semibold text-bad">
        <Icon name="warning" />
        {status === 404 ? `No ${what.replace(/^the /, '')} here` : `${subjectOf(what)} could not be read`}
      </Heading>
      <p className="text-soft">
        <Untrusted text={error instanceof Error ? error.message : String(error)} />
        {status !== undefined && status > 0 && ` (HTTP ${status})`}
      </p>
      <Command
        text={status === 404 ? 'npm run -s holdfast -- agents' : 'npm run -s holdfast -- doctor'}
        label="the command"
      />
      {onRetry !== undefined && (
        <button type="button" className="button self-start" onClick={onRetry}>
          Read again
        </button>
      )}
    </div>
  )
}

/** How a sentence about it begins: a noun alone has an article put before it. */
function subjectOf(what: string): string {
  const subject = /^(?:the|what|how) /i.test(what) ? what : `the ${what}`
  return subject.charAt(0).toUpperCase() + subject.slice(1)
}
