import { ApiError } from '@holdfast/api'
import { Link, useParams, useRouter, type ErrorComponentProps } from '@tanstack/react-router'
import { isSignedOut } from '../data/client.ts'
import { GoneIncident } from '../incidents/GoneIncident.tsx'
import { paths } from '../paths.ts'
import { Untrusted } from '../text/Untrusted.tsx'
import { Command } from '../ui/Copy.tsx'
import { ErrorState } from '../ui/States.tsx'
import { TitleBar } from '../ui/TitleBar.tsx'
import { SignInPage } from './SignInPage.tsx'
import { Welcome } from './Welcome.tsx'

/** In place of a page that could not be read: signed out, no server, not found, or a fault. */
export function FailedPage({ error, reset }: ErrorComponentProps) {
  const router = useRouter()
  const { incident } = useParams({ strict: false })
  const again = (): void => {
    reset()
    void router.invalidate()
  }
  if (isSignedOut(error)) return <SignInPage onRetry={again} />
  if (error instanceof ApiError && error.status === 0) return <NoServerPage onRetry={again} />
  if (error instanceof ApiError && error.status === 409) return <AmbiguousPage error={error} />
  if (error instanceof ApiError && error.status === 404 && incident !== undefined) return <GoneIncident id={incident} />
  return <ErrorState what="page" error={error} onRetry={again} heading="h1" />
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
