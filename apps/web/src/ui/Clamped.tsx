import { inertLine } from '../text/inert.ts'
import { Untrusted } from '../text/Untrusted.tsx'

/** The beginning of a sentence in a row of a list; all of it is its title, and on the page that the row leads to. */
export function Clamped({ text }: { readonly text: string }) {
  return (
    <span className="line-clamp-2" title={inertLine(text, 600)}>
      <Untrusted text={text} />
    </span>
  )
}
