import type { ArtifactKind, BlastRadius, Event, PolicyArtifact, PolicyJudgement } from '@holdfast/model'
import { principalName } from '@holdfast/observe'

/** One act that an artifact would have stopped. */
export type Denial = {
  readonly event: string
  readonly entry: number
  /** Claimed time in nanoseconds. */
  readonly at: bigint
  readonly agent: string
  readonly artifact: string
  readonly kind: ArtifactKind
  readonly pointer: string
  readonly what: string
  readonly conversation?: string
  /** The tool call that it was a part of, by its event, where the trace tells. */
  readonly toolCall?: string
  readonly tool?: string
}

export type SimulationCounts = Pick<
  BlastRadius,
  'judged' | 'denied' | 'conversations' | 'affectedConversations' | 'toolCalls' | 'affectedToolCalls'
> & {
  /** Events in the window, judged or not. */
  readonly events: number
  readonly agents: readonly string[]
  readonly affectedAgents: readonly string[]
}

export type Simulated = SimulationCounts & {
  readonly artifacts: readonly {
    readonly id: string
    readonly kind: ArtifactKind
    readonly agent: string
    readonly judged: number
    readonly denied: number
  }[]
  readonly denials: readonly Denial[]
  /** Denials beyond those that are kept; they are in the counts. */
  readonly cut: number
}

export type Judged = {
  readonly artifact: PolicyArtifact
  readonly judge: (event: Event) => PolicyJudgement
  /** Principals as whom the agent acts: their acts are the agent's. */
  readonly principals: readonly string[]
  /** Agent whose acts are judged, where it is another than the artifact's: its stand-in in staging. */
  readonly actedBy?: string
}

/** Replays events against artifacts and counts what they would have stopped. */
export class Simulation {
  readonly #judged: readonly (Judged & { readonly names: ReadonlySet<string> })[]
  readonly #bounds: { readonly denials: number; readonly traces: number }
  readonly #counts = new Map<string, { judged: number; denied: number }>()
  readonly #denials: (Denial & { readonly trace?: string; readonly spans: readonly string[] })[] = []
  readonly #conversations = new Set<string>()
  readonly #conversationOf = new Map<string, string>()
  /** Traces that were met; one that states no conversation is one of its own, as everywhere. */
  readonly #traces = new Set<string>()
  readonly #toolCalls = new Map<string, { readonly event: string; readonly tool: string }>()
  readonly #agents = new Set<string>()
  readonly #affected = new Set<string>()
  #events = 0
  #judgedActs = 0
  #deniedActs = 0
  #cut = 0

  /** `denials` and `traces`: how many are remembered; what is beyond is counted and not named. */
  constructor(judged: readonly Judged[], bounds: { readonly denials: number; readonly traces: number }) {
    this.#judged = judged.map((one) => ({ ...one, names: new Set(one.principals.map(principalName)) }))
    this.#bounds = bounds
  }

  add(event: Event): void {
    this.#events += 1
    this.#place(event)
    let [isJudged, isDenied] = [false, false]
    for (const one of this.#judged) {
      const seen = asOf(event, one)
      const judgement = seen === undefined ? undefined : one.judge(seen)
      if (judgement === undefined || judgement.status === 'outside') continue
      isJudged = true
      this.#agents.add(one.artifact.agent)
      const counts = this.#counts.get(one.artifact.id) ?? { judged: 0, denied: 0 }
      this.#counts.set(one.artifact.id, counts)
      counts.judged += 1
      if (judgement.status === 'allowed') continue
      isDenied = true
      counts.denied += 1
      this.#affected.add(one.artifact.agent)
      this.#keep(event, one.artifact, judgement)
    }
    if (isJudged) this.#judgedActs += 1
    if (isDenied) this.#deniedActs += 1
  }

  result(): Simulated {
    const denials = this.#denials.map(({ trace, spans, ...denial }): Denial => {
      const call = spans.map((span) => this.#toolCalls.get(`${trace}/${span}`)).find((known) => known !== undefined)
      const conversation =
        denial.conversation ?? (trace === undefined ? undefined : (this.#conversationOf.get(trace) ?? trace))
      return {
        ...denial,
        ...(conversation === undefined ? {} : { conversation }),
        ...(call === undefined || denial.toolCall !== undefined ? {} : { toolCall: call.event, tool: call.tool }),
      }
    })
    return {
      events: this.#events,
      judged: this.#judgedActs,
      denied: this.#deniedActs,
      agents: [...this.#agents].toSorted(),
      affectedAgents: [...this.#affected].toSorted(),
      conversations: this.#conversations.size + this.#traces.difference(this.#conversationOf).size,
      affectedConversations: distinct(denials, ({ conversation }) => conversation),
      toolCalls: new Set([...this.#toolCalls.values()].map(({ event }) => event)).size,
      affectedToolCalls: distinct(denials, ({ toolCall }) => toolCall),
      artifacts: this.#judged.map(({ artifact: { id, kind, agent } }) => ({
        id,
        kind,
        agent,
        ...(this.#counts.get(id) ?? { judged: 0, denied: 0 }),
      })),
      denials,
      cut: this.#cut,
    }
  }

  /** Remembers to which conversation and tool call a trace belongs: what a kernel saw may stand before it in the log. */
  #place({ id, context, body }: Event): void {
    const { trace, span, conversation } = context
    if (conversation !== undefined) this.#conversations.add(conversation)
    if (trace !== undefined && this.#traces.size < this.#bounds.traces) this.#traces.add(trace)
    if (trace !== undefined && conversation !== undefined && this.#conversationOf.size < this.#bounds.traces)
      this.#conversationOf.set(trace, conversation)
    if (body.kind === 'tool-call' && this.#toolCalls.size < this.#bounds.traces)
      this.#toolCalls.set(`${trace ?? id}/${span ?? id}`, { event: id, tool: body.toolName })
  }

  #keep(
    { id, entry, claimedAt, context, body }: Event,
    { id: artifact, kind, agent }: PolicyArtifact,
    { pointer, what }: Extract<PolicyJudgement, { readonly status: 'allowed' | 'denied' }>,
  ): void {
    if (this.#denials.length === this.#bounds.denials) {
      this.#cut += 1
      return
    }
    const { trace, span, parentSpan, conversation } = context
    this.#denials.push({
      event: id,
      entry,
      at: claimedAt,
      agent,
      artifact,
      kind,
      pointer,
      what,
      ...(conversation === undefined ? {} : { conversation }),
      ...(body.kind === 'tool-call' ? { toolCall: id, tool: body.toolName } : {}),
      ...(trace === undefined ? {} : { trace }),
      spans: [span, parentSpan].filter((one) => one !== undefined),
    })
  }
}

/** The event as the artifact's agent did it; undefined where somebody else did. */
function asOf(
  event: Event,
  { artifact, actedBy, names }: Judged & { readonly names: ReadonlySet<string> },
): Event | undefined {
  const { agent, body } = event
  if (agent.id === (actedBy ?? artifact.agent))
    return actedBy === undefined ? event : { ...event, agent: { ...agent, id: artifact.agent as typeof agent.id } } // an id that the log gave
  return body.kind === 'api-call' && names.has(principalName(body.principal.id)) ? event : undefined
}

function distinct(denials: readonly Denial[], of: (denial: Denial) => string | undefined): number {
  return new Set(denials.map(of).filter((one) => one !== undefined)).size
}
