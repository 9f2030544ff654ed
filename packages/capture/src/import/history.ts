import { parseJsonText } from '../decode/json-text.ts'
import { field, textField } from '../decode/any-value.ts'

/** First line of a history file: whose clock its times come from, and what made it. */
export type HistoryHeader = { readonly clock: 'simulated' | 'imported' | 'synthetic'; readonly tool: string }

/**
 * Undefined unless `line` is `{"holdfastHistory":1,"clock":"simulated"|"imported"|"synthetic","tool":"..."}`. The lines
 * after it have any format that an import reads; their clock is the header's, whatever theirs would be.
 */
export function parseHistoryHeader(line: string): HistoryHeader | undefined {
  if (!line.includes('holdfastHistory')) return undefined
  const json = parseJsonText(line)
  const clock = textField(json, 'clock')
  if (json === undefined || field(json, 'holdfastHistory') !== 1) return undefined
  if (clock !== 'simulated' && clock !== 'imported' && clock !== 'synthetic') return undefined
  return { clock, tool: (textField(json, 'tool') ?? 'unknown').slice(0, 256) }
}
