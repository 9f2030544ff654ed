import * as client from 'openid-client'
import { ConnectorError } from '../connector-error.ts'
import { inertLine } from '../text/inert.ts'

/** Characters of what a provider says of a refusal. */
const SAID_CHARACTERS = 200

/** Why a sign-in came to nothing, in words that hold no secret and no token. */
export function faultOf(error: unknown): ConnectorError {
  const own = ownFault(error)
  if (own !== undefined) return own
  if (error instanceof client.AuthorizationResponseError || error instanceof client.ResponseBodyError) {
    const said = error.error_description === undefined ? '' : `: ${error.error_description}`
    return new ConnectorError('refused', inertLine(`the provider says ${error.error}${said}`, SAID_CHARACTERS))
  }
  // Its own words name what did not hold, and their cause holds what was sent: that is not told.
  const words = error instanceof Error ? error.message : 'it failed'
  return new ConnectorError('unusable', inertLine(`what the provider says is not believed: ${words}`, SAID_CHARACTERS))
}

/** The library wraps what was thrown while it asked. */
function ownFault(error: unknown): ConnectorError | undefined {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++)
    if (at instanceof ConnectorError) return at
  return undefined
}
