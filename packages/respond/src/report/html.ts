import { inertText } from './inert-text.ts'
import type { PageBlock, ReportPage } from './page.ts'

/**
 * A page as one HTML file that needs nothing else: no script, no address, no font from elsewhere. Captured text is text; the
 * file forbids itself everything but its own style.
 */
export function toHtml({ title, sections }: ReportPage): string {
  const parts = sections.map(
    (section) => `<section>\n<h2>${escaped(section.title)}</h2>\n${section.blocks.map(blockOf).join('\n')}\n</section>`,
  )
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${REPORT_CSP}">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${escaped(title)}</h1>
${parts.join('\n')}
</main>
</body>
</html>
`
}

/** What a report may do when it is opened: be read. */
export const REPORT_CSP = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"

function blockOf(block: PageBlock): string {
  switch (block.kind) {
    case 'words':
      return `<p>${escaped(block.words)}</p>`
    case 'facts':
      return `<dl>${block.facts.map(([name, value]) => `<dt>${escaped(name)}</dt><dd>${escaped(value)}</dd>`).join('')}</dl>`
    case 'table':
      return block.rows.length === 0
        ? `<p>No ${escaped(block.of)} on record.</p>`
        : `<div class="scroll"><table><thead><tr>${block.columns.map((name) => `<th scope="col">${escaped(name)}</th>`).join('')}</tr></thead><tbody>${block.rows.map(rowOf).join('')}</tbody></table></div>`
    case 'verbatim':
      return `<pre>${entities(block.text)}</pre>`
  }
}

function rowOf(cells: readonly string[]): string {
  return `<tr>${cells.map((cell) => `<td${TIME.test(cell) ? ' class="time"' : ''}>${escaped(cell)}</td>`).join('')}</tr>`
}

/** An instant is read in one line. */
const TIME = /^\d{4}-\d\d-\d\dT[\d:.]{8,18}Z$/

function escaped(text: string): string {
  return entities(inertText(text))
}

function entities(text: string): string {
  return text.replaceAll(/[&<>"'`]/g, (sign) => `&#${sign.charCodeAt(0)};`)
}

const STYLE = `
:root{color-scheme:light dark;--line:#c9ced6;--soft:#5b6472}
@media (prefers-color-scheme:dark){:root{--line:#3a414c;--soft:#a3adba}}
body{margin:0;font:16px/1.5 system-ui,sans-serif;background:Canvas;color:CanvasText}
main{max-width:72rem;margin:0 auto;padding:1.5rem}
h1{font-size:1.5rem}h2{font-size:1.15rem;margin-top:2rem;border-bottom:1px solid var(--line)}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.25rem 1rem}dt{color:var(--soft)}dd{margin:0;overflow-wrap:anywhere}
.scroll{overflow-x:auto;margin:1rem 0}table{border-collapse:collapse;width:100%;font-size:.875rem}
th,td{border:1px solid var(--line);padding:.25rem .5rem;text-align:left;vertical-align:top;overflow-wrap:anywhere;min-width:4rem}
th{overflow-wrap:normal}.time{white-space:nowrap}
pre{overflow-x:auto;border:1px solid var(--line);padding:.5rem;font-size:.8rem;white-space:pre-wrap;overflow-wrap:anywhere}
@page{margin:16mm}
@media print{:root{color-scheme:light}main{max-width:none;padding:0}body{font-size:10pt}.scroll{overflow:visible}table{font-size:8pt}tr,h2{break-inside:avoid}h2{break-after:avoid}}
`
