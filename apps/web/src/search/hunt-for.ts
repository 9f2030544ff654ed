import { printHuntQuery } from '@holdfast/model'

/** What nothing is called by, as a question to all events: anywhere in a name. */
export function huntFor(text: string): string {
  return printHuntQuery([{ kind: 'name', value: text.trim(), isExcluded: false }])
}
