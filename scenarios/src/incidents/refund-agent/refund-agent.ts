/**
 * A refund agent: reads the queue of the order desk, pays over MCP and hands each payout to the notify agent. Run as
 * `node --import telemetry.ts refund-agent.ts`, with SCENARIO_AGENT, SCENARIO_ORDERS (a URL) and SCENARIO_NOTIFY (a URL) set. With
 * SCENARIO_STAYS_SECONDS it prints `acted` and goes on: it takes up one more order every few seconds, for so long or until SIGTERM.
 */
import { setTimeout as wait } from 'node:timers/promises'
import { recordDelegation, recordIdentity } from '@holdfast/sdk'
import { tool } from 'ai'
import { z } from 'zod'
import { runToolAgent, type ToolAgentParts } from '../acts/run-tool-agent.ts'
import { toolAgentTask } from '../acts/tool-agent-task.ts'
import { tracedFetch } from '../acts/traced-fetch.ts'
import { NEXT_ORDER, NEXT_ORDER_MS } from './next-order.ts'

const task = toolAgentTask(process.env['SCENARIO_AGENT'] ?? '')
const [orders = '', notify = ''] = [process.env['SCENARIO_ORDERS'], process.env['SCENARIO_NOTIFY']]

const listOrders = tool({
  description: 'Lists the orders of a queue of the order desk.',
  inputSchema: z.object({ queue: z.string() }),
  execute: async ({ queue }) => {
    const response = await fetch(`${orders}/${queue}`)
    if (!response.ok) throw new Error(`the order desk answered ${response.status}`)
    return await response.text()
  },
})

const announce = tool({
  description: 'Has the notify agent tell the customer of a refund.',
  inputSchema: z.object({ order: z.string(), payee: z.string() }),
  execute: async ({ order, payee }) => {
    const text = `The refund of ${order} to ${payee} is on its way.`
    const id = `announce-${task.conversation}-${order}`
    recordIdentity(task.identity)
    recordDelegation({ id, toAgent: 'notify-agent', payload: text })
    const body = JSON.stringify({ id, conversation: task.conversation, text })
    const response = await tracedFetch(notify, { method: 'POST', body })
    if (!response.ok) throw new Error(`the notify agent answered ${response.status}`)
    return await response.text()
  },
})

const tools: ToolAgentParts = {
  tools: (served) => ({ ...served, 'order.list': listOrders, 'notify.announce': announce }),
}
console.log(await runToolAgent(task, tools))

const staysSeconds = Number(process.env['SCENARIO_STAYS_SECONDS'] ?? 0)
if (staysSeconds > 0) {
  process.once('SIGTERM', () => process.exit(0))
  console.log('acted')
  for (const until = Date.now() + staysSeconds * 1_000; Date.now() < until; await wait(NEXT_ORDER_MS)) {
    // Held, it reaches neither its model nor the bank: it tries again, as a service does.
    const outcome = await runToolAgent({ ...task, prompt: NEXT_ORDER }, tools).catch((cause: Error) => cause.message)
    console.log(outcome)
  }
}
