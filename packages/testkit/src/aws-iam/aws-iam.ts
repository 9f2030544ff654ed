import { randomBytes, randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'

import type { Fault } from '../fault.ts'
import { Faults } from '../fault.ts'
import { listenHere, textOf } from '../http-listen.ts'
import { IAM_ACTIONS } from './actions.ts'
import { keyIdOf, verifySignature } from './sigv4.ts'
import type { AccountState } from './state.ts'
import { element, IamFault, xmlText } from './state.ts'

/** Who may ask, and what. */
export type AwsCaller = {
  readonly secret: string
  readonly account: string
  readonly arn: string
  /** Actions that it is refused; none unless told. */
  readonly denied?: readonly string[]
  /** Roles that it may assume. */
  readonly assumes?: readonly string[]
}

export type AwsIamServer = AsyncDisposable & {
  readonly url: string
  /** State of an account, as written last. */
  readonly stateOf: (account: string) => AccountState
  /** Changes an account as somebody else would. */
  readonly change: (account: string, change: (state: AccountState) => AccountState) => void
  readonly faults: { readonly add: (fault: Fault) => void; readonly clear: () => void }
  /** Actions asked for, oldest first. */
  readonly actions: readonly string[]
}

type Kept = { readonly state: AccountState; readonly at: number }
type Session = AwsCaller & { readonly token?: string }

/** Actions kept for inspection. */
const MAX_KEPT = 10_000
const VERSIONS: Readonly<Record<string, string>> = { iam: '2010-05-08', sts: '2011-06-15' }

/**
 * Starts IAM and STS on the loopback interface, with the contract of the query API as far as a response meets it: requests are signed
 * and verified, documents and sizes checked, errors have IAM's codes. What is written is read `lag` requests later.
 */
export async function startAwsIam(options: {
  readonly callers: ReadonlyMap<string, AwsCaller>
  readonly accounts: ReadonlyMap<string, AccountState>
  readonly lag?: number
}): Promise<AwsIamServer> {
  const faults = new Faults()
  const actions: string[] = []
  const sessions = new Map<string, Session>(options.callers)
  const kept = new Map([...options.accounts].map(([id, state]): [string, readonly Kept[]] => [id, [{ state, at: 0 }]]))
  let asked = 0

  const newest = (account: string): AccountState => {
    const state = kept.get(account)?.at(-1)?.state
    if (state === undefined) throw new IamFault('AccessDenied', 403, `there is no account ${account}`)
    return state
  }
  const seen = (account: string): AccountState =>
    kept.get(account)?.findLast(({ at }, i) => i === 0 || at + (options.lag ?? 0) < asked)?.state ?? newest(account)
  const keep = (account: string, state: AccountState): void => {
    kept.set(account, [...(kept.get(account) ?? []), { state, at: asked }])
  }

  const listening = await listenHere((request, response) => {
    serve(request, response).catch(() => response.destroy())
  })

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = (await textOf(request)) ?? ''
    const form = new URLSearchParams(body)
    const action = form.get('Action') ?? ''
    asked += 1
    if (actions.length < MAX_KEPT) actions.push(action)
    const fault = faults.take(action)
    if (fault?.kind === 'hang') return
    if (fault?.kind === 'drop') return void response.destroy()
    try {
      if (fault?.kind === 'error') throw faultOf(fault.code ?? 500)
      const service = serviceOf(request, body, sessions)
      const caller = callerOf(request, sessions)
      if (form.get('Version') !== VERSIONS[service])
        throw new IamFault('InvalidAction', 400, `no version ${form.get('Version')} of ${service}`)
      if (caller.denied?.includes(action) === true)
        throw new IamFault(
          'AccessDenied',
          403,
          `User: ${caller.arn} is not authorized to perform: ${service}:${action}`,
        )
      const result = service === 'sts' ? sts(action, form, caller) : iam(action, form, caller, fault?.kind === 'lie')
      send(
        response,
        200,
        `<${action}Response xmlns="https://${service}.amazonaws.com/doc/${VERSIONS[service]}/"><${action}Result>${result}</${action}Result><ResponseMetadata><RequestId>${randomUUID()}</RequestId></ResponseMetadata></${action}Response>`,
      )
    } catch (error) {
      if (!(error instanceof IamFault)) throw error
      const type = error.status < 500 ? 'Sender' : 'Receiver'
      send(
        response,
        error.status,
        `<ErrorResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><Error><Type>${type}</Type><Code>${error.code}</Code><Message>${xmlText(error.message)}</Message></Error><RequestId>${randomUUID()}</RequestId></ErrorResponse>`,
      )
    }
  }

  function iam(action: string, form: URLSearchParams, { account }: Session, isLie: boolean): string {
    const act = Object.hasOwn(IAM_ACTIONS, action) ? IAM_ACTIONS[action] : undefined
    if (act === undefined) throw new IamFault('InvalidAction', 400, `Could not find operation ${action}`)
    const state = newest(account)
    const done = act({ account, state, seen: seen(account), form })
    if (done.state !== state && !isLie) keep(account, done.state)
    return done.result
  }

  function sts(action: string, form: URLSearchParams, caller: Session): string {
    if (action === 'GetCallerIdentity')
      return element('Arn', caller.arn) + element('UserId', 'AIDA') + element('Account', caller.account)
    const role = form.get('RoleArn') ?? ''
    const [, account, name] = /^arn:aws:iam::(\d{12}):role\/(?:.*\/)?([^/]+)$/.exec(role) ?? []
    if (action !== 'AssumeRole') throw new IamFault('InvalidAction', 400, `Could not find operation ${action}`)
    if (account === undefined || caller.assumes?.includes(role) !== true)
      throw new IamFault(
        'AccessDenied',
        403,
        `User: ${caller.arn} is not authorized to perform: sts:AssumeRole on resource: ${role}`,
      )
    const [id, secret, token] = [
      `ASIA${randomBytes(8).toString('hex').toUpperCase()}`,
      randomBytes(20).toString('hex'),
      randomBytes(30).toString('base64'),
    ]
    const arn = `arn:aws:sts::${account}:assumed-role/${name}/${form.get('RoleSessionName')}`
    sessions.set(id, { secret, account, arn, token })
    const ends = new Date(Date.now() + Number(form.get('DurationSeconds') ?? 3_600) * 1_000).toISOString()
    return `<Credentials>${element('AccessKeyId', id)}${element('SecretAccessKey', secret)}${element('SessionToken', token)}${element('Expiration', ends)}</Credentials>`
  }

  return {
    url: listening.url,
    stateOf: newest,
    change: (account, change) => keep(account, change(newest(account))),
    faults,
    actions,
    [Symbol.asyncDispose]: () => listening[Symbol.asyncDispose](),
  }
}

function callerOf(request: IncomingMessage, sessions: ReadonlyMap<string, Session>): Session {
  const caller = sessions.get(keyIdOf(request) ?? '')
  if (caller === undefined)
    throw new IamFault('InvalidClientTokenId', 403, 'The security token included in the request is invalid.')
  if (caller.token !== undefined && request.headers['x-amz-security-token'] !== caller.token)
    throw new IamFault('InvalidClientTokenId', 403, 'The security token included in the request is invalid.')
  return caller
}

/** The service that the request was signed for. */
function serviceOf(request: IncomingMessage, body: string, sessions: ReadonlyMap<string, Session>): 'iam' | 'sts' {
  const { secret } = callerOf(request, sessions)
  const url = new URL(request.url ?? '/', 'http://127.0.0.1')
  const signed = {
    method: request.method ?? '',
    path: url.pathname,
    query: url.search.slice(1),
    headers: request.headers,
    body,
  }
  const signature = verifySignature(signed, secret, Date.now())
  if (signature.status === 'refused') throw new IamFault(signature.code, 403, signature.message)
  if (signature.service !== 'iam' && signature.service !== 'sts')
    throw new IamFault(
      'SignatureDoesNotMatch',
      403,
      `Credential should be scoped to service iam, not ${signature.service}`,
    )
  return signature.service
}

function faultOf(code: number): IamFault {
  return code === 400
    ? new IamFault('Throttling', 400, 'Rate exceeded')
    : new IamFault('ServiceFailure', code, 'internal error')
}

function send(response: ServerResponse, status: number, xml: string): void {
  response.writeHead(status, { 'content-type': 'text/xml' }).end(xml)
}
