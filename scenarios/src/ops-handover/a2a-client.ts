import { randomUUID } from 'node:crypto'

import { Role } from '@a2a-js/sdk'
import type { Message, Part } from '@a2a-js/sdk'
import { ClientFactory } from '@a2a-js/sdk/client'
import { context, propagation } from '@opentelemetry/api'

export type OutgoingTask = { readonly agentUrl: string; readonly contextId: string; readonly text: string }

/** Sends one A2A message and gives the text of the answer. The active trace context goes along as HTTP headers. */
export async function sendTask(task: OutgoingTask): Promise<string> {
  const headers: Record<string, string> = {}
  propagation.inject(context.active(), headers)
  const client = await new ClientFactory().createFromUrl(task.agentUrl)
  const answer = await client.sendMessage(
    {
      tenant: '',
      message: textMessage(Role.ROLE_USER, task.contextId, task.text),
      configuration: undefined,
      metadata: undefined,
    },
    { serviceParameters: headers },
  )
  return 'parts' in answer ? textOf(answer) : textOf(answer.status?.message)
}

export function textMessage(role: Role, contextId: string, text: string): Message {
  const part: Part = {
    content: { $case: 'text', value: text },
    metadata: undefined,
    filename: '',
    mediaType: 'text/plain',
  }
  return {
    messageId: randomUUID(),
    contextId,
    taskId: '',
    role,
    parts: [part],
    metadata: undefined,
    extensions: [],
    referenceTaskIds: [],
  }
}

export function textOf(message: Message | undefined): string {
  const parts = message?.parts ?? []
  return parts.map((part) => (part.content?.$case === 'text' ? part.content.value : '')).join('')
}
