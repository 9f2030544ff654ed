/**
 * The host maintenance agent: an AI SDK agent behind an A2A server. Continues the trace of whoever calls it. Prints its
 * address once it listens; ends on SIGTERM. Run as `node --import telemetry.ts maintainer.ts`.
 */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

import { AGENT_CARD_PATH, Role } from '@a2a-js/sdk'
import type { AgentCard } from '@a2a-js/sdk'
import { AgentEvent, DefaultRequestHandler, InMemoryTaskStore } from '@a2a-js/sdk/server'
import type { AgentExecutor, ExecutionEventBus, RequestContext } from '@a2a-js/sdk/server'
import { agentCardHandler, jsonRpcHandler, UserBuilder } from '@a2a-js/sdk/server/express'
import { recordIdentity } from '@holdfast/sdk'
import { context, propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import express from 'express'

import { textMessage, textOf } from './a2a-client.ts'
import { maintain } from './maintainer-agent.ts'

const executor: AgentExecutor = {
  async execute(request: RequestContext, bus: ExecutionEventBus) {
    const task = textOf(request.userMessage)
    const { contextId } = request
    // The delegation was recorded by the caller; its id stands here too, so that both sides can be joined.
    const attributes = { 'gen_ai.conversation.id': contextId, 'holdfast.delegation.id': contextId }
    const options = { kind: SpanKind.SERVER, attributes }
    await trace.getTracer('host-maintainer').startActiveSpan('SendMessage', options, async (span) => {
      recordIdentity({ principal: 'svc-host-maintainer', kind: 'service-account', onBehalfOf: 'svc-ops-coordinator' })
      try {
        const report = await maintain({ conversationId: request.contextId, task })
        bus.publish(AgentEvent.message(textMessage(Role.ROLE_AGENT, request.contextId, report)))
        bus.finished()
      } catch (error) {
        // A span that never ends is never exported: the failed act would be missing from the record.
        span.setStatus({ code: SpanStatusCode.ERROR, message: error instanceof Error ? error.message : String(error) })
        throw error
      } finally {
        span.end()
      }
    })
  },
  async cancelTask(_taskId: string, bus: ExecutionEventBus) {
    // A task here is one short answer; there is nothing left to stop.
    bus.finished()
  },
}

const app = express()
app.use((request, _response, next) => {
  context.with(propagation.extract(context.active(), request.headers), next)
})
const server = createServer(app)
server.listen(0, '127.0.0.1', () => {
  // A TCP server that listens has an address of this type.
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const handler = new DefaultRequestHandler(card(`${url}/a2a`), new InMemoryTaskStore(), executor)
  app.use(`/${AGENT_CARD_PATH}`, agentCardHandler({ agentCardProvider: handler }))
  app.use('/a2a', jsonRpcHandler({ requestHandler: handler, userBuilder: UserBuilder.noAuthentication }))
  console.log(`listening ${url}`)
})
process.once('SIGTERM', () => {
  server.close()
  server.closeAllConnections()
})

function card(url: string): AgentCard {
  return {
    name: 'host-maintainer',
    description: 'Maintains database hosts by the runbook.',
    supportedInterfaces: [{ url, protocolBinding: 'JSONRPC', protocolVersion: '1.0', tenant: '' }],
    provider: undefined,
    version: '3.2.0',
    capabilities: { streaming: false, pushNotifications: false, extensions: [] },
    securitySchemes: {},
    securityRequirements: [],
    defaultInputModes: ['text/plain'],
    defaultOutputModes: ['text/plain'],
    skills: [
      {
        id: 'disk-pressure',
        name: 'Relieve disk pressure',
        description: 'Rotates logs and extends volumes.',
        tags: ['host'],
        examples: [],
        inputModes: [],
        outputModes: [],
        securityRequirements: [],
      },
    ],
    signatures: [],
  }
}
