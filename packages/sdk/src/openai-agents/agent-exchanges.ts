import { MAX_OPEN_SPANS } from '../limits.ts'
import type { AttributeValue } from '../otlp/span.ts'
import type { AgentsSpan } from './live-objects.ts'

type Exchange = { readonly input: AttributeValue | undefined; readonly output: AttributeValue | undefined }

/**
 * What each running agent was given first and answered last. An agent's span of the library says neither; its model
 * calls, which lie below it, do.
 */
export class AgentExchanges {
  /** Spans that have started, by id; the oldest is forgotten when there are too many. */
  readonly #open = new Map<string, { readonly parentId: string | null; readonly isAgent: boolean }>()
  readonly #exchanges = new Map<string, Exchange>()

  started(span: AgentsSpan): void {
    this.#open.set(span.spanId, { parentId: span.parentId, isAgent: span.spanData.type === 'agent' })
    const [oldest] = this.#open.keys()
    if (this.#open.size > MAX_OPEN_SPANS && oldest !== undefined) this.ended(oldest)
  }

  /** Takes in a model call that has ended. */
  note(call: AgentsSpan, attributes: ReadonlyMap<string, AttributeValue>): void {
    const agent = this.#agentAbove(call)
    if (agent === undefined) return
    const before = this.#exchanges.get(agent)
    this.#exchanges.set(agent, {
      input: before?.input ?? attributes.get('gen_ai.input.messages'),
      output: attributes.get('gen_ai.output.messages') ?? before?.output,
    })
  }

  of(agent: AgentsSpan): Exchange | undefined {
    return this.#exchanges.get(agent.spanId)
  }

  ended(spanId: string): void {
    this.#open.delete(spanId)
    this.#exchanges.delete(spanId)
  }

  #agentAbove(span: AgentsSpan): string | undefined {
    let id = span.parentId
    // The library nests agent, turn and call; the bound is for a cycle of ids, which only an author could make.
    for (let level = 0; id !== null && level < 10; level += 1) {
      const above = this.#open.get(id)
      if (above?.isAgent === true) return id
      id = above?.parentId ?? null
    }
    return undefined
  }
}
