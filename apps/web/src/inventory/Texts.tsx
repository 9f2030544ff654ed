import type { BomChangeWire } from '@holdfast/api'
import { Untrusted } from '../text/Untrusted.tsx'

type ToolText = NonNullable<BomChangeWire['textBefore']>

/** The old and the new text of a tool's definition, side by side. */
export function Texts({ before, after }: { readonly before: ToolText; readonly after: ToolText }) {
  return (
    <div className="grid gap-3 md:grid-cols-2">
      <One label="Was" text={before} />
      <One label="Is" text={after} />
    </div>
  )
}

function One({ label, text }: { readonly label: string; readonly text: ToolText }) {
  return (
    <div className="rounded border border-line p-2">
      <h3 className="text-faint">
        {label} (log entry {text.entry})
      </h3>
      {text.state === 'captured' ? (
        <Untrusted text={text.description} className="break-words whitespace-pre-wrap" />
      ) : (
        <span className="text-soft">The text is not at hand: it was not captured, or its key was destroyed.</span>
      )}
    </div>
  )
}
