import { randomUUID } from 'node:crypto'
import { AGENT_CLASSES, type AgentId } from '@holdfast/model'
import type { Answer, BaselineWire, Body, ParityWire } from '@holdfast/api'
import type { HandlerSources, Handlers } from '../http/handlers.ts'
import { HttpError } from '../http/problem.ts'

type ProfileRoute =
  | 'getBaseline'
  | 'listProfileEntries'
  | 'listProfileProofs'
  | 'markProfile'
  | 'stateAgent'
  | 'getParity'
  | 'promoteProfile'
  | 'listObserved'

type Sources = Pick<HandlerSources, 'views' | 'recorder' | 'parseAgent'>

/** Profiles are read in the projection worker; what an operator decides is on record before anything follows from it. */
export function profileHandlers({ views, recorder, parseAgent }: Sources): Pick<Handlers, ProfileRoute> {
  const now = (): string => new Date().toISOString()
  const agentIn = (params: { readonly agent: string }): AgentId => {
    const agent = parseAgent(params.agent)
    if (agent === undefined) throw new HttpError(404, `"${params.agent}" is not an agent id`)
    return agent
  }
  return {
    getBaseline: ({ params, query }) => views.ask('getBaseline', { ...params, query, now: now() }),
    listProfileEntries: ({ params, query }) => views.ask('listProfileEntries', { ...params, query, now: now() }),
    listProfileProofs: ({ params, query }) => views.ask('listProfileProofs', { ...params, query }),
    getParity: ({ params, query }) => views.ask('getParity', { ...params, query }),
    listObserved: () => views.ask('listObserved', { now: now() }),
    markProfile: async ({ params, body, caller }) => {
      const agent = agentIn(params)
      // Also refuses an agent that has no profile.
      const baseline = JSON.parse(await views.ask('getBaseline', { agent, query: {}, now: now() })) as BaselineWire // the worker's answer to this question
      const refusal = faultOf(body, baseline)
      if (refusal !== undefined) throw new HttpError(400, refusal)
      const { mark, markId = randomUUID(), from, to, positions, reason } = body
      const receipt = await recorder.appendControl({
        kind: 'profile-mark',
        agent,
        mark,
        markId,
        ...(from === undefined ? {} : { from }),
        ...(to === undefined ? {} : { to }),
        ...(positions === undefined ? {} : { positions }),
        reason,
        by: caller.name,
      })
      return { markId, entry: receipt.from }
    },
    stateAgent: async ({ params, body: { field, value, reason }, caller }) => {
      const refusal = valueFault(field, value)
      if (refusal !== undefined) throw new HttpError(400, refusal)
      const statement = {
        kind: 'agent-statement',
        agent: agentIn(params),
        field,
        value,
        reason,
        by: caller.name,
      } as const
      const receipt = await recorder.appendControl(statement)
      return { entry: receipt.from }
    },
    promoteProfile: async ({ params, body: { staging, reason }, caller }): Promise<Answer<'promoteProfile'>> => {
      const agent = agentIn(params)
      const parity = JSON.parse(await views.ask('getParity', { agent, query: { staging } })) as ParityWire // as above
      if (!parity.passed) throw new HttpError(409, `not promoted: ${parity.reason}`)
      await recorder.appendControl({
        kind: 'agent-statement',
        agent,
        field: 'parity',
        value: staging,
        reason,
        by: caller.name,
      })
      return parity
    },
  }
}

function faultOf(
  { mark, markId, from, to, positions }: Body<'markProfile'>,
  { marks }: BaselineWire,
): string | undefined {
  if (mark === 'lifted')
    return marks.some((known) => known.markId === markId && known.state === 'active')
      ? undefined
      : `no active mark "${markId ?? ''}" to lift`
  if (markId !== undefined) return 'a new mark gets an id of its own'
  if (mark === 'rebuild')
    return to === undefined && positions === undefined ? undefined : 'a rebuild has a start and nothing else'
  if (from === undefined && to === undefined && positions === undefined) return 'name times (from, to) or log positions'
  if (positions?.some(([first, last]) => last < first) === true) return 'positions are first and last, in this order'
  return from !== undefined && to !== undefined && Date.parse(to) <= Date.parse(from)
    ? 'to lies before from'
    : undefined
}

function valueFault(field: Body<'stateAgent'>['field'], value: string): string | undefined {
  if (field === 'class' && !AGENT_CLASSES.some((known) => known === value))
    return `no class "${value}": ${AGENT_CLASSES.join(', ')}`
  if (field === 'track' && value !== '1' && value !== '2') return 'the track is 1 or 2'
  if (field === 'takeover' && !/^(working|not-tried|failed)$/.test(value))
    return 'takeover is working, not-tried or failed'
  if (field === 'mode' && value !== 'monitoring' && value !== 'enforcement')
    return 'the mode is monitoring or enforcement'
  return YES_NO.has(field) && !/^(yes|no)$/.test(value) ? `${field} is yes or no` : undefined
}

const YES_NO: ReadonlySet<Body<'stateAgent'>['field']> = new Set([
  'live',
  'restartable',
  'harm-reversible',
  'life-safety',
  'reportable',
])
