import type { Accounts } from '../accounts/accounts.ts'
import type { FoundCheck } from './found-check.ts'

/** Accounts that are named as drifted; `accounts list` names all. */
const DRIFT_SHOWN = 5

/** Who may sign in, and whose rights have come away from what was decided. */
export function accountCheck({ accounts }: { readonly accounts: Pick<Accounts, 'list'> }): FoundCheck {
  const standing = accounts.list().filter(({ state }) => state !== 'revoked')
  const drifted = standing.filter(({ drift }) => drift.length > 0)
  const about = { id: 'accounts', title: 'accounts' }
  const count = standing.length === 0 ? 'none beside the token of the data folder' : `${standing.length}`
  if (drifted.length === 0) return { ...about, status: 'PASS', detail: count }
  const shown = drifted.slice(0, DRIFT_SHOWN).map(({ name, drift }) => `${name}: ${drift.join(', ')}`)
  const more = drifted.length > DRIFT_SHOWN ? `; and ${drifted.length - DRIFT_SHOWN} more` : ''
  return {
    ...about,
    status: 'WARN',
    detail: `${drifted.length} of ${standing.length} have drifted: ${shown.join('; ')}${more}`,
    remedy:
      '`holdfast accounts list`, then revoke what is not needed; revoke and add anew what is, to state its rights afresh',
  }
}
