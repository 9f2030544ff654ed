import { formatRfc3339, type EventSummary } from '@holdfast/model'
import { labelOf } from '../views/api-event.ts'

/** What an event is, in a line. Untrusted text. */
export function wordsOf(event: EventSummary): string {
  return `${event.body.kind} ${labelOf(event.body)} at ${formatRfc3339(event.claimedAt)}`
}
