import type { EventSummary } from '@holdfast/model'
import type { InventoryAgent } from './docs.ts'
import { TOOLS_COUNTED } from './limits.ts'

/** Counts what an event says of an agent's trade. Sums: the order does not matter. */
export function countEvent(agent: InventoryAgent, { body, context }: EventSummary): void {
  switch (body.kind) {
    case 'model-call':
      agent.modelCalls += 1
      return
    case 'prompt':
      // The first user message may be a program's; one that stands behind an answer is somebody's.
      if (body.role === 'user' && body.ordinal > 1) agent.replies += 1
      return
    case 'context-item':
      agent.documents += 1
      return
    case 'delegation':
      agent.delegations += 1
      return
    case 'process':
      if (body.action === 'exec' && context.isSetup !== true && !RUNTIME.test(body.binary)) agent.programs += 1
      return
    case 'tool-call':
      countTool(agent, body.toolName)
      return
    case 'model-output':
    case 'tool-definition':
    case 'tool-catalogue':
    case 'component':
    case 'declaration':
    case 'api-call':
    case 'change':
    case 'tool-result':
    case 'memory':
    case 'invocation':
    case 'identity':
    case 'guardrail':
    case 'egress':
    case 'step':
    case 'file':
    case 'connection':
    case 'dns':
    case 'kernel':
    case 'syscall-set':
    case 'socket':
    case 'control':
  }
}

/** Of more names than are counted the least by text stay, so that the same ones do whatever came first. */
function countTool({ tools }: InventoryAgent, name: string): void {
  const known = Object.hasOwn(tools, name) ? tools[name] : undefined
  if (known === undefined && Object.keys(tools).length >= TOOLS_COUNTED) {
    const greatest = Object.keys(tools).reduce((a, b) => (a > b ? a : b))
    if (name > greatest) return
    delete tools[greatest]
  }
  // Defined, not set: a tool may be called `__proto__`.
  Object.defineProperty(tools, name, { value: (known ?? 0) + 1, enumerable: true, configurable: true, writable: true })
}

/** What starts the agent itself. */
const RUNTIME = /(?:^|\/)(?:node|python|java|deno|bun|ruby|dotnet|php)[\d.]*$/
