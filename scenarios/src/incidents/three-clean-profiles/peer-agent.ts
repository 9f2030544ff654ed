/**
 * One of the operations agents: an AI SDK agent that takes work over HTTP (`POST /`, a text) and may hand it on to its peers. Every
 * piece of work is an execution of its own, tied to the one that handed it over by the digest of what crossed. Prints
 * `listening URL`. Run as `node --import telemetry.ts peer-agent.ts`, with SCENARIO_AGENT, SCENARIO_PEERS and SCENARIO_RUN set.
 */
import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { recordDelegation } from '@holdfast/sdk'
import { tool, type ToolSet } from 'ai'
import { z } from 'zod'
import { runToolAgent } from '../acts/run-tool-agent.ts'
import { toolAgentTask } from '../acts/tool-agent-task.ts'

const task = toolAgentTask(process.env['SCENARIO_AGENT'] ?? '')
const peers = z.record(z.string(), z.string()).parse(JSON.parse(process.env['SCENARIO_PEERS'] ?? '{}'))
let taken = 0

const server = createServer((request, response) => {
  text(request)
    .then(async (payload) => {
      taken += 1
      const prompt = payload === '' ? task.prompt : payload
      const conversation = `${task.conversation}-${taken}`
      const attributes = payload === '' ? {} : { 'holdfast.delegation.id': crossingOf(payload) }
      return await runToolAgent({ ...task, prompt, conversation }, { attributes, tools: withPeers })
    })
    .then(
      (answer) => response.end(answer),
      (fault: unknown) => response.writeHead(500).end(String(fault)),
    )
})
server.listen(0, '127.0.0.1', () => {
  // A TCP server that listens has an address of this type.
  console.log(`listening http://127.0.0.1:${(server.address() as AddressInfo).port}`)
})
process.once('SIGTERM', () => {
  server.close()
  server.closeAllConnections()
})

/** Its tools, and one for each peer that it may hand work to. */
function withPeers(served: ToolSet): ToolSet {
  const handOvers = Object.entries(peers).map(([peer, url]) => [
    `ask.${peer}`,
    tool({
      description: `Hands work to ${peer} and waits for its answer.`,
      inputSchema: z.object({ note: z.string() }),
      execute: async ({ note }) => {
        recordDelegation({ id: crossingOf(note), fromAgent: task.id, toAgent: peer, payload: note })
        const response = await fetch(url, { method: 'POST', body: note })
        if (!response.ok) throw new Error(`${peer} answered ${response.status}: ${await response.text()}`)
        return await response.text()
      },
    }),
  ])
  return { ...served, ...Object.fromEntries(handOvers) }
}

/** Both sides name the crossing by what crossed. */
function crossingOf(payload: string): string {
  return createHash('sha256').update(`${process.env['SCENARIO_RUN']} ${payload}`).digest('hex').slice(0, 32)
}
