import { randomUUID } from 'node:crypto'
import { type Auth, FOLDER_CALLER } from '../http/auth.ts'
import type { HandlerSources, Handlers } from '../http/handlers.ts'
import { HttpError } from '../http/problem.ts'
import { SIGN_IN_CODE_MS } from '../limits.ts'
import type { Accounts } from './accounts.ts'

type AccountRoute = 'listAccounts' | 'decideAccount' | 'makeSignInLink'
type Sources = Pick<HandlerSources, 'recorder'> & { readonly accounts: Accounts; readonly auth: Auth }

/** Who may sign in: every change and every link is on record first. */
export function accountHandlers({ accounts, auth, recorder }: Sources): Pick<Handlers, AccountRoute> {
  return {
    listAccounts: async () => ({ items: [...accounts.list()] }),
    decideAccount: ({ params, body, caller }) => accounts.decide(params.account, body, caller.name),
    makeSignInLink: async ({ params, caller, request }) => {
      const { account: name } = params
      const isOwn = name === caller.name
      if (!isOwn && (caller.role !== 'admin' || name === FOLDER_CALLER.name))
        throw new HttpError(
          403,
          `a link for ${name} is made by ${name}${caller.role === 'admin' ? '' : ' or an admin'}`,
        )
      const account = name === FOLDER_CALLER.name ? undefined : accounts.named(name)
      if (account === undefined && name !== FOLDER_CALLER.name)
        throw new HttpError(404, `there is no account "${name}" that may sign in now`)
      // What the provider asks of who signs in, a second factor for one, would be passed by.
      if (account?.opens.by === 'provider')
        throw new HttpError(409, `${name} signs in with the identity provider, and by no link`)
      await recorder.appendControl({
        kind: 'operator-action',
        actionId: randomUUID(),
        action: 'sign-in-link',
        by: caller.name,
        target: name,
        detail: 'opens the workspace once',
        outcome: 'done',
      })
      // A loopback name, or the request would not have come here.
      const url = `http://${request.headers.host ?? ''}/sign-in?code=${auth.makeSignInCode(account)}`
      return { url, expiresInMs: SIGN_IN_CODE_MS }
    },
  }
}
