import { ours } from '../called-as.ts'
import { ApiError, createClient, type Client } from '@holdfast/api'
import { CliError } from '../cli-error.ts'
import type { CliContext } from '../context.ts'
import { exitOfStatus } from '../exit-codes.ts'
import { say } from '../render/output.ts'
import { refuseToWrite } from './dry-run.ts'
import { findServer, type ServerAddress } from './find-server.ts'

/** A server and a client that speaks to it; what fails there comes out as {@link CliError}. */
export type Api = Client & {
  readonly server: ServerAddress
  /** Says something beside the answer, such as that what was asked for goes by another name by now; once each. */
  readonly tell?: (line: string) => void
}

/** The server that the flags, the environment or the working directory name. Sends nothing yet. */
export function openApi(context: CliContext, flags: { readonly data?: string }): Api {
  return apiOf(context, findServer({ env: context.env, cwd: context.cwd, data: flags.data }))
}

export function apiOf(context: CliContext, server: ServerAddress): Api {
  let isTold = false
  const told = new Set<string>()
  const client = createClient({
    onBehind: (entries) => {
      if (isTold) return
      isTold = true
      say(context, `pages are being made anew, ${entries} records are not in them yet: this answer is not whole`)
    },
    baseUrl: server.http,
    fetch: (url, init) => fetch(url, init),
    ...(server.token === undefined ? {} : { token: server.token }),
  })
  return {
    server,
    tell: (line) => {
      if (told.has(line)) return
      told.add(line)
      say(context, line)
    },
    call: async (name, options) => {
      if (context.isDryRun === true) refuseToWrite(context, name, options)
      return client
        .call(name, { signal: context.signal, ...options })
        .catch((fault: unknown) => Promise.reject(explain(fault, server)))
    },
    fetch: async (name, options) => {
      if (context.isDryRun === true) refuseToWrite(context, name, options)
      return client
        .fetch(name, { signal: context.signal, ...options })
        .catch((fault: unknown) => Promise.reject(explain(fault, server)))
    },
  }
}

/** True for "there is no such thing", which some callers have an answer to. */
export function isNotFound(fault: unknown): boolean {
  return fault instanceof CliError && fault.code === 'not-found'
}

/** `holdfast up` prints a link and no token: the folder has it in a file, and of an account it is shown once. */
const TOKEN_REMEDY = ours`set HOLDFAST_TOKEN to a token of that server: the file token in its data folder (HOLDFAST_TOKEN="$(cat .holdfast/token)"), or what holdfast accounts add or accounts renew printed`

function explain(fault: unknown, server: ServerAddress): unknown {
  if (!(fault instanceof ApiError)) return fault
  const code = exitOfStatus(fault.status)
  if (fault.status === 0) {
    return new CliError(code, `no answer from ${server.http} (named by ${server.namedBy})`, {
      cause: fault,
      remedy: ours`holdfast up, or set HOLDFAST_URL to where the server is`,
    })
  }
  if (fault.status === 401) {
    const refused =
      server.token === undefined
        ? `${server.http} wants a token, and none was given`
        : `${server.http} does not accept the token that was given (revoked, run out, or of another server)`
    return new CliError(code, refused, { cause: fault, remedy: TOKEN_REMEDY })
  }
  return new CliError(code, fault.message, { cause: fault })
}
