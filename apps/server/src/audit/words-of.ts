import { formatRfc3339, type EventSummary } from '@holdfast/model'
import { eventLabel } from '../views/api-event.ts'

/** What an event is, in a line. Untrusted text. */
export function wordsOf(event: EventSummary): string {
  return `${event.body.kind} ${eventLabel(event.body)} at ${formatRfc3339(event.claimedAt)}`
}
