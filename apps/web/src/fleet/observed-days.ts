import { formatCount, plural } from '../ui/format.ts'

/** How long an agent was observed, of so many days at least: past those it is on no day of them. */
export function observedDays(days: number, ofDays: number): string {
  return days < ofDays ? `day ${formatCount(days)} of at least ${ofDays}` : `${plural(days, 'day')}, ${ofDays} needed`
}

/** The same where there is room for a few words. */
export function observedDaysInShort(days: number, ofDays: number): string {
  return days < ofDays ? `day ${formatCount(days)} of ${ofDays}` : plural(days, 'day')
}
