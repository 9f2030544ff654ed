import type { Event } from '@holdfast/model'
import { ownConversation, traceKeyOf } from '../views/keys.ts'

/** Path in the workspace that opens the event in its conversation. */
export function permalinkOf(conversation: string, event: string): string {
  return `${conversationLink(conversation)}?view=tree&event=${encodeURIComponent(event)}`
}

export function conversationLink(conversation: string): string {
  return `/conversations/${encodeURIComponent(conversation)}`
}

/** The conversation that the workspace shows an event in. */
export function conversationOf(event: Event): string {
  return event.context.conversation ?? ownConversation(traceKeyOf(event))
}
