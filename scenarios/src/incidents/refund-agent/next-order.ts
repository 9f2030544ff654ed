/** What the agent is told with each order that comes in after the queue. */
export const NEXT_ORDER = 'Please pay the next refund.'
/** Between two of them: often enough to be seen at it, and seldom enough that it fills no log. */
export const NEXT_ORDER_MS = 10_000
