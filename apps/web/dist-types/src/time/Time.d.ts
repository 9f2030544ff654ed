type TimeProps = {
  /** Decimal nanoseconds or RFC 3339. */
  readonly at: string
  /** `clock` leaves the date out, for rows that stand under one. */
  readonly form?: 'full' | 'clock' | 'exact'
  /** How long ago, beside it. */
  readonly ago?: boolean
}
/** A time in UTC with its label. The exact nanoseconds are its title. */
export declare function Time({ at, form, ago }: TimeProps): import('react').JSX.Element
export {}
//# sourceMappingURL=Time.d.ts.map
