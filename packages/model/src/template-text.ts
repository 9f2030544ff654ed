/**
 * A prompt template as it stands behind the text that was sent: what changes with every call (dates, times, ids) is replaced
 * by the name of what stood there. Numbers stay: a limit that was raised is another template.
 */
export function templateText(text: string): string {
  return VARIABLE.reduce((whole, [pattern, name]) => whole.replaceAll(pattern, name), text)
}

const MONTH =
  '(?:January|February|March|April|May|June|July|August|September|October|November|December|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)'

/** Each is linear in the text: none holds a repetition within a repetition. */
const VARIABLE: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi, '<uuid>'],
  [/\b\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2})?(?:\.\d{1,9})?(?:Z|[+-]\d{2}:?\d{2})?)?/g, '<date>'],
  [/\b\d{1,2}\/\d{1,2}\/\d{4}\b/g, '<date>'],
  [new RegExp(`\\b${MONTH}\\.? \\d{1,2}(?:st|nd|rd|th)?,? \\d{4}\\b`, 'g'), '<date>'],
  [new RegExp(`\\b\\d{1,2}(?:st|nd|rd|th)? ${MONTH}\\.?,? \\d{4}\\b`, 'g'), '<date>'],
  [/\b(?:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)(?=,? <date>)/g, '<weekday>'],
  [/\b\d{1,2}:\d{2}:\d{2}(?:\.\d{1,9})?(?: ?[AP]M)?\b/gi, '<time>'],
  [/\b1[5-9]\d{8}(?:\d{3}){0,3}\b/g, '<epoch>'],
]
