type Attributes = Readonly<Record<string, string | number>>

/** A part of a picture: markup that was made here, and nothing that came from elsewhere unescaped. */
export type SvgPart = { readonly markup: string }

export type SvgName = 'svg' | 'g' | 'rect' | 'path' | 'circle' | 'text'

export function element(name: SvgName, attributes: Attributes, parts: readonly SvgPart[] = []): SvgPart {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(String(value))}"`)
  return { markup: `<${name}${written.join('')}>${parts.map(({ markup }) => markup).join('')}</${name}>` }
}

/** Text, whatever it holds: it stays text. */
export function textNode(text: string, attributes: Attributes): SvgPart {
  const { markup } = element('text', { ...attributes, 'xml:space': 'preserve' })
  return { markup: markup.replace('></text>', () => `>${escaped(text)}</text>`) }
}

export function xml({ markup }: SvgPart): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${markup}\n`
}

/** Characters that XML 1.0 cannot hold, even escaped: a file with one is no XML. */
const FORBIDDEN = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu

function escaped(text: string): string {
  return text
    .replace(FORBIDDEN, '\u{FFFD}')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&apos;')
}
