import { ApiError } from '@holdfast/api'
import { Link, useParams, useRouter, type ErrorComponentProps } from '@tanstack/react-router'
import { isSignedOut } from '../data/client.ts'
import { paths } from '../paths.ts'
import { Untrusted } from '../text/Untrusted.tsx'
import { Command } from '../ui/Copy.tsx'
import { Mark } from '../ui/Icon.tsx'
import { ErrorState } from '../ui/States.tsx'
import { TitleBar } from '../ui/TitleBar.tsx'

/** In place of a page that could not be read: signed out, no server, not found, or a fault. */
export function FailedPage({ error, reset }: ErrorComponentProps) {
  const router = useRouter()
  const again = (): void => {
    reset()
    void router.invalidate()
  }
  if (isSignedOut(error)) return <SignInPage onRetry={again} />
  if (error instanceof ApiError && error.status === 0) return <NoServerPage onRetry={again} />
  if (error instanceof ApiError && error.status === 409) return <AmbiguousPage error={error} />
  return <ErrorState what="page" error={error} onRetry={again} heading="h1" />
}

function SignInPage({ onRetry }: { readonly onRetry: () => void }) {
  const isExpired = new URLSearchParams(location.search).get('sign-in') === 'expired'
  return (
    <Welcome title="Sign in">
      {isExpired && (
        <p role="alert" className="note note-warn">
          That sign-in link was used already, or is older than an hour. Each link opens one session, once.
        </p>
      )}
      <p className="text-soft">
        There is no password. Starting Holdfast prints a link that signs this browser in once; opening it brings you
        back here.
      </p>
      <Command text="npm start" label="the command that starts Holdfast" />
      <p className="text-soft">
        Where a server runs already, <code>holdfast up</code> has printed the link and the token on its terminal. The
        session ends when the server stops or after twelve hours.
      </p>
      <button type="button" className="button self-start" onClick={onRetry}>
        I have signed in: try again
      </button>
    </Welcome>
  )
}

/** A name in the address that several conversations have; each has an id of its own, and search shows them all. */
function AmbiguousPage({ error }: { readonly error: ApiError }) {
  const { conversation = '' } = useParams({ strict: false })
  return (
    <TitleBar tab="Several" title="Several have this name">
      <Untrusted text={error.message} />{' '}
      <Link to={paths.search} search={{ q: conversation }} className="link">
        Choose one
      </Link>
    </TitleBar>
  )
}

function NoServerPage({ onRetry }: { readonly onRetry: () => void }) {
  return (
    <Welcome title="The server does not answer">
      <p className="text-soft">
        This page was served by Holdfast at {location.origin}, and nothing answers there now. What was acknowledged
        before it stopped is on disk. Start it again in the same folder:
      </p>
      <Command text="npm start" label="the command that starts Holdfast" />
      <button type="button" className="button self-start" onClick={onRetry}>
        Try again
      </button>
    </Welcome>
  )
}

function Welcome({ title, children }: { readonly title: string; readonly children: React.ReactNode }) {
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
