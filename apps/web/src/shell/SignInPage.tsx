import { useQuery } from '@tanstack/react-query'
import { queries } from '../data/queries.ts'
import { inertLine } from '../text/inert.ts'
import { Command } from '../ui/Copy.tsx'
import { SIGN_IN_WORDS, signInFault, signInHref } from './sign-in-words.ts'
import { Welcome } from './Welcome.tsx'

/** How to get a session: with the identity provider where one is configured, and with a link that the server printed. */
export function SignInPage({ onRetry }: { readonly onRetry: () => void }) {
  const fault = signInFault(location.search)
  const { data } = useQuery(queries.signIn())
  const provider = data?.provider
  return (
    <Welcome title="Sign in">
      {fault !== undefined && (
        <p role="alert" className="note note-warn">
          {SIGN_IN_WORDS[fault]}
        </p>
      )}
      {provider !== undefined && (
        <>
          <a href={signInHref(provider.url, location)} className="button button-primary self-start">
            Sign in with {inertLine(provider.host)}
          </a>
          <p className="text-soft">Or, without it:</p>
        </>
      )}
      <p className="text-soft">
        There is no password. A link signs this browser in once, and opening it brings you back here. In the folder of
        the server that runs, this prints a new one:
      </p>
      <Command text="npm run -s holdfast -- accounts sign-in token" label="the command that prints a link" />
      <p className="text-soft">
        Who has an account of their own names it in place of <code>token</code>. Starting Holdfast (
        <code>npm start</code>) prints such a link too, which works for an hour. A session ends when the server stops,
        and after twelve hours or what is set for the identity provider.
      </p>
      <button type="button" className="button self-start" onClick={onRetry}>
        I have signed in: try again
      </button>
    </Welcome>
  )
}
