/** Why a browser came back from a sign-in without a session, as the address of the page says it. */
export const SIGN_IN_FAULTS = [
  'expired',
  'unreachable',
  'unverified',
  'declined',
  'stale',
  'not-mapped',
  'no-name',
  'name-taken',
  'revoked',
  'full',
] as const

export type SignInFault = (typeof SIGN_IN_FAULTS)[number]
