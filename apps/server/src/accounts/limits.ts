/** Accounts that are not revoked: a team and its automations. */
export const ACCOUNTS_MOST = 1_000
/** How exactly it is known when an account was last used: each use that is recorded is a log entry. */
export const USE_NANOS = 86_400_000_000_000n
/** An account that nobody came with for so long is reported. */
export const UNUSED_NANOS = 90n * USE_NANOS
/** Revoked accounts that are listed, the latest; the log has all. */
export const REVOKED_SHOWN = 100
