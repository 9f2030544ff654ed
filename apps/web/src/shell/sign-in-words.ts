import { SIGN_IN_FAULTS, type SignInFault } from '@holdfast/api'

/** Why somebody was not signed in, and what to do about it. */
export const SIGN_IN_WORDS: Readonly<Record<SignInFault, string>> = {
  expired: 'That sign-in link was used already, or is older than an hour. Each link opens one session, once.',
  unreachable:
    'The identity provider does not answer. Try again, or sign in with a link; what agents send is recorded meanwhile.',
  unverified:
    'What the identity provider answered could not be believed, so nobody was signed in. An admin finds the reason in the log, under the action sign-in.',
  declined:
    'The identity provider did not sign you in. Try again; if it says no again, ask whoever runs it whether you may use Holdfast.',
  stale: 'That sign-in was not begun in this browser, was used already, or took longer than ten minutes. Begin anew.',
  'not-mapped':
    'The identity provider knows you, but no group of yours has a role here. Ask an admin to map one of them, or to add you to one that is mapped.',
  'no-name':
    'The identity provider told no name that an account may have, or an address that it has not verified. An admin chooses the claim with name-claim.',
  'name-taken':
    'Somebody else has your name here: an account with a token, or another person of the identity provider. An admin finds out who, and revokes it or has you renamed.',
  revoked: 'Your account was revoked here. An admin lets you in again with: holdfast accounts readmit.',
  full: 'There are as many accounts as there may be. An admin makes room with: holdfast accounts revoke.',
}

/** The fault that an address names; undefined where it names none of ours. */
export function signInFault(search: string): SignInFault | undefined {
  const said = new URLSearchParams(search).get('sign-in')
  return SIGN_IN_FAULTS.find((fault) => fault === said)
}

/** Where to begin, so that it ends on the page that was asked for. */
export function signInHref(url: string, { pathname, search }: Pick<Location, 'pathname' | 'search'>): string {
  const query = new URLSearchParams(search)
  query.delete('sign-in')
  const place = query.size === 0 ? pathname : `${pathname}?${query.toString()}`
  return place === '/' ? url : `${url}?to=${encodeURIComponent(place)}`
}
