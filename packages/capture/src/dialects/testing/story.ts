import type { Content, Event } from '@holdfast/model'

/**
 * What happened, without who told it: no ids, times, dialects or steps of a library's own. Every library that tells the
 * same story has the same one. Lists are without repetition and sorted, because a history is repeated in each call.
 */
export type Story = {
  readonly prompts: readonly unknown[]
  readonly outputs: readonly unknown[]
  readonly modelCalls: readonly { readonly model: string | null; readonly usage: boolean }[]
  readonly tools: readonly { readonly name: string; readonly arguments: unknown; readonly result: unknown }[]
  readonly documents: readonly unknown[]
  readonly definitions: readonly string[]
  readonly agents: readonly string[]
  readonly conversations: readonly string[]
}

/** Reduces events to their story. Contents that were not captured say nothing here. */
export function storyOf(events: readonly Event[]): Story {
  const prompts: unknown[] = []
  const outputs: unknown[] = []
  const modelCalls: Story['modelCalls'][number][] = []
  const tools = new Map<string, { name: string; arguments: unknown; result: unknown }>()
  const documents: unknown[] = []
  const definitions: string[] = []
  const agents: string[] = []
  for (const { body, agent, context } of events) {
    if (agent.member !== undefined) agents.push(agent.member)
    switch (body.kind) {
      case 'prompt':
        if (isKnown(body.content)) prompts.push({ role: body.role, says: saidIn(body.content) })
        break
      case 'model-output':
        if (isKnown(body.content))
          outputs.push({
            part: body.part,
            ...(body.toolName === undefined ? {} : { tool: body.toolName }),
            says: saidIn(body.content),
          })
        break
      case 'model-call':
        modelCalls.push({
          model: body.requestModel ?? null,
          usage: body.usage.inputTokens !== undefined && body.usage.outputTokens !== undefined,
        })
        break
      case 'tool-call':
      case 'tool-result': {
        const key = body.callId ?? `${context.trace}.${context.span}`
        const tool = tools.get(key) ?? { name: body.toolName, arguments: undefined, result: undefined }
        if (body.kind === 'tool-call' && isKnown(body.arguments)) tool.arguments = saidIn(body.arguments)
        if (body.kind === 'tool-result' && isKnown(body.result)) tool.result = saidIn(body.result)
        tools.set(key, tool)
        break
      }
      case 'context-item':
        documents.push({
          origin: body.origin,
          ...(isKnown(body.content) ? { says: saidIn(body.content) } : {}),
          ...(isKnown(body.query) ? { query: saidIn(body.query) } : {}),
        })
        break
      case 'tool-definition':
        definitions.push(body.toolName)
        break
      case 'tool-catalogue':
      case 'component':
      case 'declaration':
      case 'api-call':
      case 'change':
      case 'memory':
      case 'invocation':
      case 'delegation':
      case 'identity':
      case 'guardrail':
      case 'egress':
      case 'process':
      case 'file':
      case 'connection':
      case 'dns':
      case 'kernel':
      case 'syscall-set':
      case 'socket':
      case 'step':
      case 'control':
        break
    }
  }
  return {
    prompts: distinct(prompts),
    outputs: distinct(outputs),
    modelCalls: modelCalls.toSorted(byJson),
    tools: [...tools.values()].toSorted(byJson),
    documents: distinct(documents),
    definitions: distinct(definitions),
    agents: distinct(agents),
    conversations: distinct(events.flatMap((event) => event.context.conversation ?? [])),
  }
}

function isKnown(content: Content): boolean {
  return 'text' in content
}

/** Call ids are the model server's; a history names the call, not its id. */
function saidIn(content: Content): unknown {
  if (!('text' in content)) return undefined
  if (content.mediaType !== 'application/json') return content.text
  return JSON.parse(content.text, (key, value: unknown) =>
    key === 'id' ? undefined : key === 'arguments' && typeof value === 'string' ? JSON.parse(value) : value,
  )
}

function distinct<T>(items: readonly T[]): readonly T[] {
  return [...new Map(items.map((item) => [sortedJson(item), item])).entries()]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([, item]) => item)
}

function byJson(a: unknown, b: unknown): number {
  return sortedJson(a) < sortedJson(b) ? -1 : 1
}

function sortedJson(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) =>
    typeof item === 'object' && item !== null && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  )
}
