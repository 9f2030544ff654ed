import { createClient, type Body, type Client } from '@holdfast/api'
import type { HoldfastAddress } from '../incidents/holdfast.ts'

/** One of those who respond: an account of the server, and what it may do there. */
export type Member = { readonly name: string; readonly api: Client }

/** Who works an incident: different people, as the ladder asks for. */
export type Crew = {
  readonly admin: Member
  readonly analyst: Member
  readonly onCall: Member
  /** On call as well: a second person where two have to say yes. */
  readonly second: Member
  readonly aiEngineer: Member
  readonly compliance: Member
  /** Owns the agents of the run, as the roster says. */
  readonly owner: Member
}

type Added = Omit<Extract<Body<'decideAccount'>['decision'], { do: 'add' }>, 'do' | 'days'>

/**
 * Gives each of them an account of its own. Names end with the run, so that the crews of two runs are different people. Once the
 * signal is aborted no call of theirs is made any more.
 */
export async function hireCrew(holdfast: HoldfastAddress, run: string, signal?: AbortSignal): Promise<Crew> {
  const admin = clientOf(holdfast, signal)
  const hire = async (first: string, added: Added): Promise<Member> => {
    const name = `${first}-${run}`
    const { token } = await admin.call('decideAccount', {
      params: { account: name },
      body: { decision: { do: 'add', days: 3, ...added }, reason: 'responds to the incident of this run' },
    })
    if (token === undefined) throw new Error(`${name} was given no token`)
    return { name, api: clientOf({ ...holdfast, token }, signal) }
  }
  return {
    admin: { name: 'token', api: admin },
    analyst: await hire('noor', { role: 'analyst', marks: [] }),
    onCall: await hire('sam', { role: 'responder', marks: [] }),
    second: await hire('ines', { role: 'responder', marks: [] }),
    aiEngineer: await hire('tomo', { role: 'responder', marks: ['ai-engineering'] }),
    compliance: await hire('ruth', { role: 'responder', marks: ['compliance'] }),
    owner: await hire('omar', { role: 'responder', marks: [] }),
  }
}

/** The API as the holder of a token has it. */
export function clientOf({ url, token }: Pick<HoldfastAddress, 'url' | 'token'>, signal?: AbortSignal): Client {
  return createClient({
    baseUrl: url,
    token,
    fetch: (to, init) => fetch(to, signal === undefined ? init : { ...init, signal }),
  })
}
