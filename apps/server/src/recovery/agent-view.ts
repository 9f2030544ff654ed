import type { BaselineWire, BomWire, IncidentRowWire, IncidentWire, ParityWire, ScopeWire } from '@holdfast/api'
import { formatRfc3339, type UnixNano } from '@holdfast/model'
import type { ViewQuestion, ViewQuestions } from '../views/messages.ts'
import { type ViewsClient, ViewError } from '../views/client.ts'

/** What the program can look up of one agent that comes back; undefined where there is no such thing. */
export type AgentView = {
  readonly baseline: () => Promise<BaselineWire | undefined>
  readonly parity: (staging: string) => Promise<ParityWire | undefined>
  readonly bom: () => Promise<BomWire | undefined>
  readonly scope: () => Promise<ScopeWire | undefined>
  /** Incidents and attempts of one type that it takes part in. */
  readonly incidents: (type: IncidentWire['type']) => Promise<readonly IncidentRowWire[]>
}

/** `clock`: the wall clock, for what moves with it. */
export function agentView(views: Pick<ViewsClient, 'ask'>, agent: string, clock: () => UnixNano): AgentView {
  const now = formatRfc3339(clock())
  return {
    baseline: () => asked(views, 'getBaseline', { agent, query: {}, now }),
    parity: (staging) => asked(views, 'getParity', { agent, query: { staging } }),
    bom: () => asked(views, 'getBom', { agent, query: {} }),
    scope: () => asked(views, 'getScope', { agent, query: {}, now: clock().toString() }),
    incidents: async (type) => {
      const query = { agent, type, outcome: 'all' as const }
      const list = await asked<'listIncidents', { readonly items: readonly IncidentRowWire[] }>(
        views,
        'listIncidents',
        { query },
      )
      return list?.items ?? []
    },
  }
}

/** Absence is an answer; any other fault is the caller's to know. */
async function asked<N extends ViewQuestion, T>(
  views: Pick<ViewsClient, 'ask'>,
  question: N,
  args: ViewQuestions[N],
): Promise<T | undefined> {
  try {
    return JSON.parse(await views.ask(question, args)) as T // the worker's answer to this question
  } catch (error) {
    if (error instanceof ViewError && error.status === 404) return undefined
    throw error
  }
}
