/** Paints text for a terminal; {@link plain} where colour is off. Takes inert text only. */
export type Paint = {
  readonly bold: (text: string) => string
  readonly dim: (text: string) => string
  readonly good: (text: string) => string
  readonly warn: (text: string) => string
  readonly bad: (text: string) => string
  readonly mark: (text: string) => string
  /** The same colour for the same name, in every run. */
  readonly agent: (name: string, text: string) => string
}

const same = (text: string): string => text

/** Colour is off. */
export const plain: Paint = {
  bold: same,
  dim: same,
  good: same,
  warn: same,
  bad: same,
  mark: same,
  agent: (_, text) => text,
}

const coloured: Paint = {
  bold: (text) => `\u001b[1m${text}\u001b[22m`,
  dim: (text) => `\u001b[2m${text}\u001b[22m`,
  good: (text) => `\u001b[32m${text}\u001b[39m`,
  warn: (text) => `\u001b[33m${text}\u001b[39m`,
  bad: (text) => `\u001b[31m${text}\u001b[39m`,
  mark: (text) => `\u001b[7m${text}\u001b[27m`,
  agent: (name, text) => `\u001b[38;5;${AGENT_COLOURS[hashOf(name) % AGENT_COLOURS.length]}m${text}\u001b[39m`,
}

/** The conventions of ux: NO_COLOR beats FORCE_COLOR, which beats the terminal; TERM=dumb is no terminal. */
export function paintFor(
  stream: { readonly isTerminal: boolean },
  env: Readonly<Record<string, string | undefined>>,
): Paint {
  if ((env['NO_COLOR'] ?? '') !== '') return plain
  const forced = env['FORCE_COLOR'] ?? ''
  if (forced !== '') return forced === '0' ? plain : coloured
  return stream.isTerminal && env['TERM'] !== 'dumb' ? coloured : plain
}

/** Of the 256-colour cube, readable on black and on white. */
const AGENT_COLOURS = [32, 35, 64, 71, 97, 104, 130, 133, 166, 168, 172, 67] as const

/** FNV-1a, 32 bits: small, and the same in every run. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return hash >>> 0
}
