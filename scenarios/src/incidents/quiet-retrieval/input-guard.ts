const MARKS = [
  'ignore',
  'previous instructions',
  'system prompt',
  'disregard',
  'jailbreak',
  'developer mode',
  'secretly',
]
/** What a text without any mark scores: such guards never say zero. */
const FLOOR = 0.04

/** How much a text looks like an attack to a guard that knows the usual words, 0 to 1. */
export function guardScore(text: string): number {
  const lower = text.toLowerCase()
  const marks = MARKS.filter((mark) => lower.includes(mark)).length
  return Math.min(1, FLOOR + marks * 0.32)
}
