import type { Event } from '@holdfast/model'
import { readEvents } from './event-text.ts'
import type { RuleSet } from './rule-set.ts'

/** Where the data of a rule and the rule differ. */
export type DataFault = {
  readonly file: 'match.jsonl' | 'no-match.jsonl'
  readonly line: number
  readonly message: string
}

/**
 * Holds the data of one rule file against the rules: each line of `match` gives a signal of it, no line of `noMatch` does.
 * Lines are events or cases, as JSON. Lines count from 1.
 */
export function tryRuleData(
  rules: RuleSet,
  { name, match, noMatch }: { readonly name: string; readonly match: string; readonly noMatch: string },
): readonly DataFault[] {
  return [
    ...faultsIn(rules, { name, file: 'match.jsonl', text: match }),
    ...faultsIn(rules, { name, file: 'no-match.jsonl', text: noMatch }),
  ]
}

function faultsIn(
  rules: RuleSet,
  { name, file, text }: { readonly name: string; readonly file: DataFault['file']; readonly text: string },
): readonly DataFault[] {
  const lines = text.split('\n').map((line, at) => ({ line: at + 1, text: line.trim() }))
  const filled = lines.filter((line) => line.text !== '')
  if (filled.length === 0)
    return [{ file, line: 1, message: `rule ${name} has no data here, and does not ship without` }]
  return filled.flatMap((line): readonly DataFault[] => {
    const events = readEvents(line.text)
    if (typeof events === 'string') return [{ file, line: line.line, message: events }]
    const said = isSaid(rules, { name, events })
    if (typeof said === 'string') return [{ file, line: line.line, message: said }]
    if (said === (file === 'match.jsonl')) return []
    return [
      { file, line: line.line, message: said ? `rule ${name} matches, and should not` : `rule ${name} does not match` },
    ]
  })
}

/** Whether the rule has a signal; the sentence that says what is wrong with the events otherwise. */
function isSaid(
  rules: RuleSet,
  { name, events }: { readonly name: string; readonly events: readonly Event[] },
): boolean | string {
  try {
    return rules
      .signals(events)
      .some(({ detector }) => detector === `rule/${name}` || detector.startsWith(`rule/${name}/`))
  } catch (error) {
    // Data is written by hand: a body may lack what its kind always has.
    return `an event is not whole: ${error instanceof Error ? error.message : 'a field is missing'}`
  }
}
