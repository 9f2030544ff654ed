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

function explain(fault: unknown, server: ServerAddress): unknown {
  if (!(fault instanceof ApiError)) return fault
  const code = exitOfStatus(fault.status)
  if (fault.status === 0) {
    return new CliError(code, `no answer from ${server.http} (named by ${server.namedBy})`, {
      cause: fault,
      remedy: 'holdfast up, or set HOLDFAST_URL to where the server is',
    })
  }
  if (fault.status === 401) {
    return new CliError(code, `${server.http} does not accept this token`, {
      cause: fault,
      remedy:
        'set HOLDFAST_TOKEN to the token that holdfast up or holdfast accounts add printed, and that is still good',
    })
  }
  return new CliError(code, fault.message, { cause: fault })
}
