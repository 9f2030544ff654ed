/** A node of the Atlassian Document Format. Captured text stands in text nodes alone, where nothing is read as markup. */
export type AdfNode = Readonly<Record<string, unknown>>

/** A document of paragraphs, a list, and one link that is ours. */
export function adfDocument({
  paragraphs,
  items,
  link,
}: {
  readonly paragraphs: readonly string[]
  readonly items: readonly string[]
  readonly link: string
}): AdfNode {
  return {
    version: 1,
    type: 'doc',
    content: [
      ...paragraphs.flatMap((text) => (text === '' ? [] : [paragraph([{ type: 'text', text }])])),
      ...(items.length === 0 ? [] : [list(items)]),
      paragraph([{ type: 'text', text: 'Open in Holdfast', marks: [{ type: 'link', attrs: { href: link } }] }]),
    ],
  }
}

function list(items: readonly string[]): AdfNode {
  return {
    type: 'bulletList',
    // An empty text node is refused.
    content: items.map((text) => ({
      type: 'listItem',
      content: [paragraph(text === '' ? [] : [{ type: 'text', text }])],
    })),
  }
}

function paragraph(content: readonly AdfNode[]): AdfNode {
  return { type: 'paragraph', content }
}
