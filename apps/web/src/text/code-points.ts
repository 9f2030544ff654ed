import { isHiddenCharacter } from '@holdfast/model'

/** A character that would not be seen, or would change how its neighbours are seen; `undefined` for an ordinary one. */
export function hiddenCharacterName(code: number): string | undefined {
  if (code < 0x20) return code === 0x0a || code === 0x09 ? undefined : CONTROL_NAMES[code]
  if (code < 0x7f) return undefined
  if (code <= 0x9f) return code === 0x7f ? 'DEL' : hex(code)
  const name = NAMES.get(code)
  if (name !== undefined) return name
  // Tag characters spell ASCII invisibly: the letter that they hide is shown.
  if (code >= 0xe0020 && code <= 0xe007e)
    return `TAG ${code === 0xe0020 ? 'SPACE' : String.fromCodePoint(code - 0xe0000)}`
  return code === 0xfe0e || isPrivateUse(code) || isHiddenCharacter(code) ? hex(code) : undefined
}

/** True for marks that are drawn on the character before them. */
export function isCombining(code: number): boolean {
  return (
    (code >= 0x300 && code <= 0x36f) ||
    (code >= 0x483 && code <= 0x489) ||
    (code >= 0x1ab0 && code <= 0x1aff) ||
    (code >= 0x1dc0 && code <= 0x1dff) ||
    (code >= 0x20d0 && code <= 0x20ff) ||
    (code >= 0xfe20 && code <= 0xfe2f)
  )
}

export type Script = 'Latin' | 'Greek' | 'Cyrillic' | 'Armenian' | 'Cherokee'

/** Script of a letter, for the scripts whose letters look like each other's; `undefined` for anything else. */
export function scriptOf(code: number): Script | undefined {
  if ((code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a)) return 'Latin'
  if (code < 0xc0) return undefined
  if (code <= 0x24f) return code === 0xd7 || code === 0xf7 ? undefined : 'Latin'
  if (code >= 0x370 && code <= 0x3ff) return 'Greek'
  if (code >= 0x400 && code <= 0x52f) return 'Cyrillic'
  if (code >= 0x531 && code <= 0x58f) return 'Armenian'
  if (code >= 0x13a0 && code <= 0x13ff) return 'Cherokee'
  return undefined
}

/** `U+202E`. */
export function hex(code: number): string {
  return `U+${code.toString(16).toUpperCase().padStart(4, '0')}`
}

const CONTROL_NAMES: readonly string[] =
  'NUL SOH STX ETX EOT ENQ ACK BEL BS TAB LF VT FF CR SO SI DLE DC1 DC2 DC3 DC4 NAK SYN ETB CAN EM SUB ESC FS GS RS US'.split(
    ' ',
  )

const NAMES: ReadonlyMap<number, string> = new Map([
  [0xad, 'SHY'],
  [0x34f, 'CGJ'],
  [0x61c, 'ALM'],
  [0x200b, 'ZWSP'],
  [0x200c, 'ZWNJ'],
  [0x200d, 'ZWJ'],
  [0x200e, 'LRM'],
  [0x200f, 'RLM'],
  [0x2028, 'LSEP'],
  [0x2029, 'PSEP'],
  [0x202a, 'LRE'],
  [0x202b, 'RLE'],
  [0x202c, 'PDF'],
  [0x202d, 'LRO'],
  [0x202e, 'RLO'],
  [0x2060, 'WJ'],
  [0x2066, 'LRI'],
  [0x2067, 'RLI'],
  [0x2068, 'FSI'],
  [0x2069, 'PDI'],
  [0xfeff, 'BOM'],
])

/** Characters that mean nothing to anybody but the font that draws them. */
function isPrivateUse(code: number): boolean {
  return (code >= 0xe000 && code <= 0xf8ff) || code >= 0xf0000
}
