import { HUNT_FIELDS, parseHuntQuery } from '@holdfast/model'
import { useId, useState } from 'react'
import { inertLine } from '../text/inert.ts'
import { Icon } from '../ui/Icon.tsx'

type QueryBarProps = { readonly q: string; readonly onAsk: (q: string) => void }

/** The query as text. It is asked with Enter; what is wrong with it is shown where it is wrong, before that. */
export function QueryBar({ q, onAsk }: QueryBarProps) {
  const [text, setText] = useState(q)
  const [known, setKnown] = useState(q)
  const note = useId()
  // The address was changed elsewhere: a click on a value, a link, or the back button.
  if (q !== known) {
    setKnown(q)
    setText(q)
  }
  const parsed = parseHuntQuery(text)
  const isBad = parsed.status === 'bad'
  return (
    <form
      className="flex min-w-0 flex-1 basis-96 flex-col gap-1"
      onSubmit={(event) => {
        event.preventDefault()
        if (!isBad) onAsk(text.trim())
      }}
    >
      <div className="flex gap-2">
        <input
          type="search"
          className="field mono min-w-0 flex-1"
          aria-label="Query"
          aria-invalid={isBad}
          aria-describedby={note}
          placeholder={'tool:wire_refund -agent:billing kind:exec text:"ignore previous"'}
          spellCheck={false}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <button type="submit" className="button button-primary" disabled={isBad}>
          <Icon name="search" />
          Hunt
        </button>
      </div>
      <p id={note} className={isBad ? 'text-bad' : 'sr-only'} role={isBad ? 'alert' : undefined}>
        {isBad ? (
          <>
            <Fault text={text} at={parsed.at} length={parsed.length} /> {parsed.reason}
          </>
        ) : (
          `Fields: ${HUNT_FIELDS.join(', ')}, text. A minus leaves out, a star stands for anything.`
        )}
      </p>
    </form>
  )
}

function Fault({ text, at, length }: { readonly text: string; readonly at: number; readonly length: number }) {
  return (
    <code>
      {inertLine(text.slice(Math.max(0, at - 24), at), 40)}
      <mark className="bg-bad-ground text-bad underline decoration-wavy">
        {inertLine(text.slice(at, at + length), 40)}
      </mark>
    </code>
  )
}
