/** What somebody decided or stated about duties to notify. It takes effect by being in the log. */
export type DutyDecision =
  | { readonly do: 'enabled' | 'disabled'; readonly regime: string }
  /** A moment from which clocks count, such as awareness; RFC 3339. */
  | { readonly do: 'moment'; readonly incident: string; readonly start: string; readonly at: string }
  /** A notification that went out; RFC 3339. */
  | {
      readonly do: 'notified'
      readonly incident: string
      readonly regime: string
      readonly stage: string
      readonly at: string
    }
