import { MAX_NAME_CHARS, MAX_NAMED_TOOLS } from './limits.ts'

/**
 * How a text names tools, each as words that it has to hold. What people write to an agent asks for much; a text that names a tool
 * of the agent's own, which was called then, is told apart from that by words of an interface, however the rest is worded.
 * Untrusted text: only the words of names that are given come back.
 *
 * @param called names of the tools that were called after the text came in, the first first
 */
export function namedTools(text: string, called: readonly string[]): readonly (readonly string[])[] {
  const lower = text.toLowerCase()
  const named = called.map((tool) => wordsIn(lower, tool)).filter((words) => words.length > 0)
  return [...new Map(named.map((words) => [words.join(' '), words])).values()].slice(0, MAX_NAMED_TOOLS)
}

/** The name as it stands in the text, else the words that it is made of, where the text has all of them. */
function wordsIn(text: string, tool: string): readonly string[] {
  const words = wordsOf(tool)
  const name = tool.toLowerCase()
  if (words.length > 0 && text.includes(name)) return [name]
  return words.every((word) => text.includes(word)) ? words : []
}

/** `crm`, `query` of `crm.query` and of `crmQuery`. None where the name is one word: that may stand in any text. */
function wordsOf(tool: string): readonly string[] {
  if (tool.length > MAX_NAME_CHARS) return []
  const words = tool
    .replaceAll(/([a-z\d])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word.length >= LEAST_WORD_CHARS)
  const distinct = [...new Set(words)]
  return distinct.length < 2 ? [] : distinct
}

/** Shorter ones stand within others. */
const LEAST_WORD_CHARS = 3
