import type { Sha256 } from './ids.ts'

/** What an account may do, the weakest first: each role may do what those before it may. */
export const ACCOUNT_ROLES = ['viewer', 'analyst', 'responder', 'admin'] as const

export type AccountRole = (typeof ACCOUNT_ROLES)[number]

/** As whom an account may say yes to a response beside what its role allows. */
export const APPROVER_MARKS = ['ai-engineering', 'compliance'] as const

export type ApproverMark = (typeof APPROVER_MARKS)[number]

/** One change of an account. It takes effect by being in the log, which has of a token its digest alone. */
export type AccountDecision =
  | {
      readonly do: 'add'
      readonly role: AccountRole
      readonly marks: readonly ApproverMark[]
      readonly tokenDigest: Sha256
      /** RFC 3339. No token is good for ever. */
      readonly expiresAt: string
    }
  /** Another token; the one before it and all that was opened with it end. */
  | { readonly do: 'renew'; readonly tokenDigest: Sha256; readonly expiresAt: string }
  | { readonly do: 'role'; readonly role: AccountRole }
  /** All marks that it has from now on. */
  | { readonly do: 'mark'; readonly marks: readonly ApproverMark[] }
  | { readonly do: 'revoke' }
  /**
   * Somebody came in through the identity provider, which vouches for the subject of the issuer: what its claims are mapped to
   * holds until then. An account that begins like this has no token.
   */
  | {
      readonly do: 'sign-in'
      readonly issuer: string
      readonly subject: string
      readonly role: AccountRole
      readonly marks: readonly ApproverMark[]
      readonly expiresAt: string
    }
  /** A revoked name may come in through the identity provider again. */
  | { readonly do: 'readmit' }
  /** Somebody came with it; said once a day. */
  | { readonly do: 'used' }
